/** `npm run xacml`: what it prints, and how it ends. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { condition, isIn, policy, policySet, rule, subject, value, xacml } from './policies.ts';

let folder = '';
const file = (name: string): string => join(folder, name);

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
async function run(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', 'scripts/xacml.ts', ...args], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

const request = `<Request xmlns="${xacml}" ReturnPolicyIdList="false" CombinedDecision="false"><Attributes Category="${subject}"><Attribute AttributeId="role" IncludeInResult="false">${value('string', 'admin')}</Attribute></Attributes></Request>`;
const response = (decision: string): string => `<Response xmlns="${xacml}"><Result><Decision>${decision}</Decision></Result></Response>`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-xacml-'));
  const permit = policy(rule('r', 'Permit', condition(isIn('admin', 'role'))), { id: 'leaf' });
  const files: Readonly<Record<string, string>> = {
    'set.xml': policySet('<PolicyIdReference>leaf</PolicyIdReference>'),
    'leaf.xml': permit,
    'namesake.xml': policySet('<PolicyIdReference>leaf</PolicyIdReference>', { id: 'leaf' }),
    'request.xml': request,
    'bad.xml': policy('<Rule RuleId="r"/>'),
    'cases/good/Policy.xml': permit,
    'cases/good/Request.xml': request,
    'cases/good/Response.xml': response('Permit'),
    'cases/other/Policies/root.xml': policySet('<PolicyIdReference>leaf</PolicyIdReference>'),
    'cases/other/Policies/leaf.xml': permit,
    'cases/other/Request.xml': request,
    'cases/other/Response.xml': response('Deny'),
    'cases/namesake/Policies/root.xml': policySet('<PolicyIdReference>leaf</PolicyIdReference>', { id: 'leaf' }),
    'cases/namesake/Policies/leaf.xml': permit,
    'cases/namesake/Request.xml': request,
    'cases/namesake/Response.xml': response('Permit'),
    'cases/torn/Policy.xml': permit,
    'cases/torn/Request.xml': request,
    'cases/wrong/Policy.xml': permit,
    'cases/wrong/Response.xml.ignore': '',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(file(name), '..'), { recursive: true });
    await writeFile(file(name), text);
  }
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

test('evaluate prints the Response, and the trace for whoever asks', async () => {
  const { code, stdout } = await run(
    'evaluate',
    '--policy',
    file('set.xml'),
    file('leaf.xml'),
    '--request',
    file('request.xml'),
    '--trace',
  );
  expect(code).toBe(0);
  expect(stdout).toContain('<Decision>Permit</Decision>');
  expect(stdout).toContain('"text": "string-is-in(\\"admin\\", access-subject:role)"');
});

test('evaluate starts with a set that is called like the policy it refers to', async () => {
  const { code, stdout } = await run('evaluate', '--policy', file('namesake.xml'), file('leaf.xml'), '--request', file('request.xml'));
  expect(code).toBe(0);
  expect(stdout).toContain('<Decision>Permit</Decision>');
});

test('validate names each problem as file:line:column: element: message', async () => {
  const { code, stdout } = await run('validate', file('bad.xml'), file('set.xml'));
  expect({ code, lines: stdout.trim().split('\n') }).toEqual({
    code: 1,
    lines: [expect.stringMatching(/bad\.xml:1:\d+: Rule: The attribute Effect is missing\.$/)],
  });
});

test('cases prints a line for each that fails, and how many did', async () => {
  const { code, stdout } = await run('cases', file('cases'));
  expect({ code, lines: stdout.trim().split('\n') }).toEqual({
    code: 1,
    lines: [
      'other: Expected Deny ok, found Permit ok',
      'torn: There is no Response.xml.',
      'wrong: The policy is wrong on purpose and was not refused.',
      '2 passed, 3 failed',
    ],
  });
});

test('what makes no sense is one line and exit code 2', async () => {
  const { code, stderr } = await run('evaluate', '--policy', file('nowhere.xml'), '--request', file('request.xml'));
  expect({ code, lines: stderr.trim().split('\n') }).toEqual({
    code: 2,
    lines: [expect.stringMatching(/^Cannot read .*nowhere\.xml: ENOENT$/)],
  });
});
