/**
 * Decisions per second of the policy decision point with 1, 100 and 10,000 policies of which one applies, what loading them takes, and what
 * rules cost a login.
 */
import { createPdp, requestOf, type Pdp, type Request } from '../src/xacml/pdp.ts';
import { benchRuledLogin } from './login.ts';
import { median } from './processes.ts';

const denyOverrides = 'urn:oasis:names:tc:xacml:3.0:policy-combining-algorithm:deny-overrides';
/** Enough to see what the index is for, without waiting for it. */
const plainSize = 1_000;
const clock = { now: new Date('2026-03-02T10:00:00Z'), zoneMinutes: 60 };

export async function benchRules(roundMs = 300, rounds = 7): Promise<readonly string[]> {
  const sizes = [1, 100, 10_000].map((size) => ({ size, ...load(size) }));
  const request = requestAt(0);
  const rates = new Map<number, number[]>(sizes.map(({ size }) => [size, []]));
  // In turns, so that a slow moment of the machine is everybody's.
  for (let round = 0; round < rounds + 1; round++) {
    for (const { size, pdp } of sizes) {
      const rate = decisionsPerSecond(pdp, request, roundMs);
      // The first round warms up.
      if (round > 0) rates.get(size)?.push(rate);
    }
  }
  const one = median(rates.get(1) ?? []);
  return [
    '| policies, one applies | decisions/s | cost, of one policy | goal | compile |',
    '| --- | --- | --- | --- | --- |',
    ...sizes.map(({ size, compileMs }) => {
      const rate = median(rates.get(size) ?? []);
      const goal = size === 10_000 ? 'at most 3×' : '';
      return `| ${size.toLocaleString('en')} | ${Math.round(rate).toLocaleString('en')} | ${(one / rate).toFixed(2)}× | ${goal} | ${compileMs.toFixed(1)} ms |`;
    }),
    `| ${plainSize.toLocaleString('en')} without the index | ${Math.round(withoutIndex(request)).toLocaleString('en')} | | | |`,
    '',
    ...(await benchRuledLogin()),
  ];
}

function load(size: number): { readonly pdp: Pdp; readonly compileMs: number } {
  const policies = Array.from({ length: size }, (_, i) => ({ name: `policy-${i}`, text: policyFor(i) }));
  const began = performance.now();
  const created = createPdp({ policies, combining: denyOverrides });
  const compileMs = performance.now() - began;
  if (created.kind === 'problems') throw new Error(created.problems[0]?.message);
  return { pdp: created.pdp, compileMs };
}

function withoutIndex(request: Request): number {
  const policies = Array.from({ length: plainSize }, (_, i) => ({ name: `policy-${i}`, text: policyFor(i) }));
  const created = createPdp({ policies, combining: denyOverrides, index: false });
  return created.kind === 'pdp' ? decisionsPerSecond(created.pdp, request, 500) : 0;
}

function decisionsPerSecond(pdp: Pdp, request: Request, forMs: number): number {
  const began = performance.now();
  let done = 0;
  for (;;) {
    for (let i = 0; i < 20; i++) {
      if (pdp.evaluate(request, clock).decision !== 'Permit') throw new Error('The policy that applies permits.');
    }
    done += 20;
    const passed = performance.now() - began;
    if (passed > forMs) return (done / passed) * 1000;
  }
}

const user = 'http://wso2.org/identity/user';
const sp = 'http://wso2.org/identity/sp';
const idp = 'http://wso2.org/identity/idp';
const action = 'http://wso2.org/identity/identity-action';
const provisioning = 'http://wso2.org/identity/provisioning';
const text = 'http://www.w3.org/2001/XMLSchema#string';

function requestAt(service: number): Request {
  const built = requestOf([
    { category: user, id: `${user}/username`, values: ['maria'] },
    { category: user, id: 'http://wso2.org/claims/emailaddress', values: ['maria@example.com'] },
    { category: user, id: 'http://wso2.org/claims/department', values: ['Sales'] },
    { category: user, id: 'http://wso2.org/claims/roles', values: Array.from({ length: 10 }, (_, i) => `role-${i}`) },
    { category: sp, id: `${sp}/sp-name`, values: [`service-${service}`] },
    { category: idp, id: `${idp}/idp-name`, values: ['google'] },
    { category: action, id: `${action}/action-name`, values: ['provisioning'] },
    { category: provisioning, id: `${provisioning}/provision-operation`, values: ['POST'] },
  ]);
  if (built.kind === 'refused') throw new Error(built.problems[0]?.message);
  return built.request;
}

/** As the original's templates are: a target of three equalities, a rule by operation and role, and a rule that denies the rest. */
function policyFor(service: number): string {
  const designator = (category: string, id: string, mustBePresent: boolean): string =>
    `<AttributeDesignator Category="${category}" AttributeId="${id}" DataType="${text}" MustBePresent="${mustBePresent}"/>`;
  const value = (of: string): string => `<AttributeValue DataType="${text}">${of}</AttributeValue>`;
  const match = (category: string, id: string, of: string): string =>
    `<Match MatchId="urn:oasis:names:tc:xacml:1.0:function:string-equal">${value(of)}${designator(category, id, false)}</Match>`;
  const isIn = (of: string, category: string, id: string): string =>
    `<Apply FunctionId="urn:oasis:names:tc:xacml:1.0:function:string-is-in">${value(of)}${designator(category, id, true)}</Apply>`;
  return `<Policy xmlns="urn:oasis:names:tc:xacml:3.0:core:schema:wd-17" PolicyId="policy-${service}" Version="1.0"
    RuleCombiningAlgId="urn:oasis:names:tc:xacml:1.0:rule-combining-algorithm:first-applicable">
  <Target><AnyOf><AllOf>
    ${match(sp, `${sp}/sp-name`, `service-${service}`)}
    ${match(idp, `${idp}/idp-name`, 'google')}
    ${match(action, `${action}/action-name`, 'provisioning')}
  </AllOf></AnyOf></Target>
  <Rule RuleId="create" Effect="Permit"><Condition><Apply FunctionId="urn:oasis:names:tc:xacml:1.0:function:and">
    ${isIn('POST', provisioning, `${provisioning}/provision-operation`)}
    <Apply FunctionId="urn:oasis:names:tc:xacml:1.0:function:or">
      ${isIn('role-20', user, 'http://wso2.org/claims/roles')}
      ${isIn('role-7', user, 'http://wso2.org/claims/roles')}
    </Apply>
  </Apply></Condition></Rule>
  <Rule RuleId="rest" Effect="Deny"/>
</Policy>`;
}
