import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { activatePolicy, deactivatePolicy } from '../../src/commands/activate-policy.ts';
import { addMembers } from '../../src/commands/add-members.ts';
import { assignUser } from '../../src/commands/assign-user.ts';
import { changePolicy } from '../../src/commands/change-policy.ts';
import { changeUser } from '../../src/commands/change-user.ts';
import { configureRules } from '../../src/commands/configure-rules.ts';
import { createGroup } from '../../src/commands/create-group.ts';
import { createPolicy } from '../../src/commands/create-policy.ts';
import { forgetOld } from '../../src/commands/forget-old.ts';
import { publishPolicy } from '../../src/commands/publish-policy.ts';
import { reevaluate } from '../../src/commands/reevaluate.ts';
import { removeUser } from '../../src/commands/remove-user.ts';
import { tryPolicyOnEverybody, type TrialPage } from '../../src/commands/try-policy-on-everybody.ts';
import { tryPolicy } from '../../src/commands/try-policy.ts';
import type { PolicyForm } from '../../src/domain/policy-form.ts';
import type { Group, Policy, RuleDecision, User } from '../../src/domain/vocabulary.ts';
import { openConfiguration, type Configuration } from '../support/configuration.ts';
import { settledEvents } from '../support/events.ts';
import { makePeople, valueOf, type People } from './people.ts';

let configuration: Configuration;
let people: People;
let staff: Group;
beforeAll(async () => {
  configuration = await openConfiguration();
});
afterAll(async () => configuration.close());
/** A portal whose row asks the rules; nothing is published yet. */
beforeEach(async () => {
  people = await makePeople(configuration);
  staff = valueOf(await createGroup(people.house, people.caller, { name: 'Staff' }));
  await people.row(people.world.target, { enableRules: true });
});

const reads = () => configuration.database.reads(people.tenantId);
const nothing = { serviceProviderIds: [], identityProviderIds: [], roles: [], groupIds: [], attributes: [], emailDomains: [], hours: null };
const onlyGroup = (name: string): PolicyForm => ({ ...nothing, template: 'role', roles: [name] });
const draft = async (form: PolicyForm, name = 'Who may'): Promise<Policy> =>
  valueOf(await createPolicy(people.house, people.caller, { name, form }));
const publish = async ({ id }: Pick<Policy, 'id'>): Promise<Policy> => {
  const { version } = (await reads().byId('policy', id))!;
  return valueOf(await publishPolicy(people.house, people.caller, { id, version, activate: true }));
};
const assign = async (user: User): Promise<void> => {
  const { id: targetId } = people.world.target;
  valueOf(await assignUser(people.house, people.caller, { userId: user.id, targetId, serviceProviderId: people.serviceProvider.id }));
};
const join = (user: User) => addMembers(people.house, people.caller, { groupId: staff.id, userIds: [user.id] });
const decisionsOf = (user: User): Promise<readonly RuleDecision[]> => reads().find('ruleDecision', { userId: user.id });
const kindsOf = async (user: User) => (await people.operations(user)).map(({ kind, state }) => `${kind} ${state}`);
const lookAgain = (): Promise<void> => reevaluate(people.house, () => false);

describe('somebody whom the row asks the rules about', () => {
  test('is not provisioned while nothing is published, and the decision says so', async () => {
    const lin = await people.user('lin');
    await assign(lin);
    expect(await kindsOf(lin)).toEqual([]);
    expect(await decisionsOf(lin)).toMatchObject([{ answer: 'no-published-policy', permitted: false, operationId: null }]);
  });

  test('is provisioned where a policy permits it, and the decision is kept with the operation', async () => {
    const lin = await people.user('lin');
    await join(lin);
    const policy = await publish(await draft(onlyGroup('Staff')));
    await assign(lin);
    const [operation] = await people.operations(lin);
    expect(await decisionsOf(lin)).toMatchObject([
      {
        ...{ answer: 'permit', permitted: true, operationId: operation!.id, serviceProviderId: people.serviceProvider.id },
        details: { policy: { id: policy.id, name: 'Who may', version: 1 }, ruleId: 'permit', problem: null },
      },
    ]);
    const [{ details }] = (await decisionsOf(lin)) as [RuleDecision];
    expect(details.attributes).toContainEqual(expect.objectContaining({ attributeId: 'urn:usher:user:group', values: ['Staff'] }));
    expect(details.policies[0]!.rules[0]).toMatchObject({ ruleId: 'permit', effect: 'Permit', condition: 'true' });
  });

  test('who is denied is told by an event, and is provisioned as soon as they qualify', async () => {
    await publish(await draft(onlyGroup('Staff')));
    const lin = await people.user('lin');
    await assign(lin);
    expect(await people.events(lin)).toContain('provisioning.skipped');
    expect(await decisionsOf(lin)).toMatchObject([{ answer: 'deny', details: { ruleId: 'deny-the-others' } }]);
    await join(lin);
    expect(await kindsOf(lin)).toEqual(['provision pending']);
  });

  test('loses the account when they cease to qualify', async () => {
    await publish(await draft({ ...nothing, template: 'attribute', attributes: [{ name: 'title', values: ['Dr'] }] }));
    const lin = await people.user('lin');
    await assign(lin);
    await people.end(lin, 'succeeded');
    await people.link(lin, people.world.target);
    const attributes = [{ name: 'title', type: 'string' as const, values: ['Mr'] }];
    valueOf(await changeUser(people.house, people.caller, { id: lin.id, version: null, attributes }));
    expect(await kindsOf(lin)).toEqual(['provision succeeded', 'deprovision pending']);
  });

  test('leaves no decision behind when they are removed: it holds values of theirs', async () => {
    const lin = await people.user('lin');
    await assign(lin);
    expect(await decisionsOf(lin)).toHaveLength(1);
    valueOf(await removeUser(people.house, people.caller, { id: lin.id, version: null }));
    expect(await decisionsOf(lin)).toEqual([]);
  });

  test('has decisions that are forgotten after a time', async () => {
    const lin = await people.user('lin');
    await assign(lin);
    const [{ createdAt }] = (await decisionsOf(lin)) as [RuleDecision];
    await forgetOld(people.house, 'ruleDecision', createdAt);
    expect(await decisionsOf(lin)).toHaveLength(1);
    await forgetOld(people.house, 'ruleDecision', new Date(createdAt.getTime() + 1));
    expect(await decisionsOf(lin)).toEqual([]);
  });
});

describe('what is published', () => {
  test('makes Usher look again at everybody whom rules concern, and so does taking it out of force', async () => {
    const [lin, bob] = [await people.user('lin'), await people.user('bob')];
    await join(lin);
    for (const user of [lin, bob]) await assign(user);
    const policy = await publish(await draft(onlyGroup('Staff')));
    expect(await kindsOf(lin)).toEqual([]);
    await lookAgain();
    expect([await kindsOf(lin), await kindsOf(bob)]).toEqual([['provision pending'], []]);
    await people.end(lin, 'succeeded');
    await people.link(lin, people.world.target);
    valueOf(await deactivatePolicy(people.house, people.caller, { id: policy.id, version: policy.version }));
    await lookAgain();
    // Nothing is in force any more: nobody comes in, and nobody is thrown out.
    expect([await kindsOf(lin), await kindsOf(bob)]).toEqual([['provision succeeded'], []]);
  });

  test('stays in force while a draft is written, and the draft replaces it when it is published', async () => {
    const first = await publish(await draft(onlyGroup('Staff')));
    const drafted = valueOf(await changePolicy(people.house, people.caller, { ...first, xml: null, form: onlyGroup('Guests') }));
    const lin = await people.user('lin');
    await join(lin);
    await assign(lin);
    expect(await kindsOf(lin)).toEqual(['provision pending']);
    const second = await publish(drafted);
    expect(second).toMatchObject({ draft: null, active: true });
    const versions = await reads().find('policyVersion', { policyId: first.id });
    expect(versions.map(({ number, publishedBy }) => [number, publishedBy])).toEqual([
      [1, 'administrator:test'],
      [2, 'administrator:test'],
    ]);
    await lookAgain();
    expect(await kindsOf(lin)).toEqual(['deprovision pending']);
  });

  test('is refused where it names a policy that is not there, and nothing is changed', async () => {
    const xml = `<PolicySet xmlns="urn:oasis:names:tc:xacml:3.0:core:schema:wd-17" PolicySetId="set" Version="1.0"
      PolicyCombiningAlgId="urn:oasis:names:tc:xacml:3.0:policy-combining-algorithm:deny-overrides"><Target/><PolicyIdReference>missing</PolicyIdReference></PolicySet>`;
    const policy = valueOf(await createPolicy(people.house, people.caller, { name: 'Set', xml }));
    const answer = await publishPolicy(people.house, people.caller, { id: policy.id, version: policy.version, activate: true });
    expect(answer).toMatchObject({
      kind: 'invalid-input',
      problems: [{ path: ['xml'], message: expect.stringMatching(/"Set".*"missing"/s) }],
    });
    expect(await reads().byId('policy', policy.id)).toMatchObject({ version: policy.version, active: false, publishedVersionId: null });
    expect(await reads().count('policyVersion', { policyId: policy.id })).toBe(0);
  });

  test('decides with others by the algorithm and in the order of the tenant', async () => {
    const permits = await publish(await draft(onlyGroup('Staff'), 'One'));
    const denies = await publish(await draft(onlyGroup('Nobody'), 'Two'));
    const lin = await people.user('lin');
    await join(lin);
    await assign(lin);
    expect(await decisionsOf(lin)).toMatchObject([{ answer: 'deny', details: { policy: { id: denies.id } } }]);
    const { policyRevision: revision } = await reads().tenant();
    valueOf(await configureRules(people.house, people.caller, { revision, combining: 'first-applicable' }));
    await lookAgain();
    expect(await kindsOf(lin)).toEqual(['provision pending']);
    const order = [denies.id, permits.id];
    valueOf(await configureRules(people.house, people.caller, { revision: revision + 1, order }));
    await lookAgain();
    expect(await kindsOf(lin)).toEqual(['deprovision pending']);
    expect(await configureRules(people.house, people.caller, { revision, timeZone: 'Europe/Berlin' })).toMatchObject({
      kind: 'version-conflict',
    });
  });

  test('is tried at its own place, also while it is not in force', async () => {
    const first = await draft(onlyGroup('Staff'), 'First');
    await publish(await draft(onlyGroup('Nobody'), 'Second'));
    const { policyRevision: revision } = await reads().tenant();
    valueOf(await configureRules(people.house, people.caller, { revision, combining: 'first-applicable' }));
    const lin = await people.user('lin');
    await join(lin);
    const question = { userId: lin.id, serviceProviderId: people.serviceProvider.id, trigger: 'login' as const };
    expect(valueOf(await tryPolicy(people.house, reads(), { policyId: first.id }, question))).toMatchObject([{ reason: 'needs-account' }]);
    const again = await draft(onlyGroup('Staff'), 'Third');
    expect(valueOf(await tryPolicy(people.house, reads(), { policyId: again.id }, question))).toMatchObject([{ reason: 'rule-denied' }]);
  });

  test('is activated by the version that was seen', async () => {
    const { id, version } = await draft(onlyGroup('Staff'));
    expect(await activatePolicy(people.house, people.caller, { id, version })).toMatchObject({ kind: 'invalid-input' });
    expect(await activatePolicy(people.house, people.caller, { id, version: version + 1 })).toMatchObject({ kind: 'version-conflict' });
  });
});

describe('a draft that is tried', () => {
  test('asks about people whose attributes are called as what every object has', async () => {
    const names = ['constructor', 'toString', 'hasOwnProperty', '__proto__'];
    const user = await people.user('odd');
    await people.write((tx) => tx.change('user', user.id, { attributes: Object.fromEntries(names.map((name) => [name, ['x']])) }));
    const policy = await draft(onlyGroup('Staff'));
    const question = { userId: user.id, serviceProviderId: people.serviceProvider.id, trigger: 'login' as const };
    expect(valueOf(await tryPolicy(people.house, reads(), { policyId: policy.id }, question))).toMatchObject([{ reason: 'rule-denied' }]);
  });

  test.each([
    ['a page at a time', 1_000, [2, 1]],
    ['one by one where judging takes long', -1, [1, 1, 1]],
  ])('shows what it would make of one person, and of everybody %s, and changes nothing', async (_, atMostMs, pages) => {
    const [lin, bob, eve] = [await people.user('lin'), await people.user('bob'), await people.user('eve')];
    for (const user of [lin, bob, eve]) await assign(user);
    await join(lin);
    await people.link(bob, people.world.target);
    const policy = await draft(onlyGroup('Staff'));
    await settledEvents(reads(), { after: null, first: 1 });
    const before = await Promise.all([reads().count('operation', {}), reads().count('ruleDecision', {}), reads().lastPosition()]);
    const question = { userId: lin.id, serviceProviderId: people.serviceProvider.id, trigger: 'login' as const };
    expect(valueOf(await tryPolicy(people.house, reads(), { policyId: policy.id }, question))).toMatchObject([{ operation: 'provision' }]);
    const seen: string[] = [];
    const looked: number[] = [];
    const counts = { create: 0, update: 0, end: 0, unchanged: 0, denied: 0 };
    for (let after: string | null = null, more = true; more;) {
      const asked = tryPolicyOnEverybody(people.house, reads(), { policyId: policy.id }, { first: 2, after }, atMostMs);
      const page: TrialPage = valueOf(await asked);
      expect(page.total).toBe(3);
      looked.push(page.looked);
      for (const name of Object.keys(counts) as (keyof typeof counts)[]) counts[name] += page.counts[name];
      seen.push(...page.changes.map(({ user, effect }) => `${user.userName} ${effect}`));
      [after, more] = [page.endCursor, page.hasNextPage];
    }
    expect(looked).toEqual(pages);
    expect(counts).toEqual({ create: 1, update: 0, end: 1, unchanged: 0, denied: 1 });
    expect(seen.sort()).toEqual(['bob end', 'lin create']);
    expect(await Promise.all([reads().count('operation', {}), reads().count('ruleDecision', {}), reads().lastPosition()])).toEqual(before);
  });
});
