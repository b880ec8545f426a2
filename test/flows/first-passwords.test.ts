/** Passwords of new accounts at a SCIM server, from the form to the wire: sent when the account is made, never again, and kept nowhere. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { administer, type Administrator } from '../support/administer.ts';
import { until } from '../support/people.ts';
import { startScimServer, type ScimServer } from '../support/targets/scim-server.ts';
import { startUsher, type RunningUsher } from '../support/usher.ts';

let usher: RunningUsher;
let admin: Administrator;
let server: ScimServer;
beforeAll(async () => {
  [usher, server] = await Promise.all([startUsher(), startScimServer()]);
  admin = administer(usher);
});
afterAll(() => Promise.all([usher.close(), server.close()]));

const input = (name: string) => `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
const run = (name: string, value: object, made: 'User' | 'Assignment' = 'User') =>
  admin.do(
    `mutation($input: ${input(name)}!) { ${name}(input: $input) { __typename ... on ${made} { id } ... on Problem { message path } } }`,
    { input: value },
  );
const sentFor = (id: string) => server.bodies.filter(({ body, path }) => path.includes(id) || JSON.stringify(body).includes(id));
const passwordsIn = (value: unknown): readonly unknown[] =>
  JSON.stringify(value).includes('password')
    ? [...JSON.stringify(value).matchAll(/"password":("(?:[^"\\]|\\.)*"|null)/g)].map((m) => JSON.parse(m[1]!))
    : [];

it.each([
  ['off', {}, /^$/],
  ['random', {}, /^[\w-]{28}$/],
  ['default', { defaultPassword: 'Welcome-canary-2026!' }, /^Welcome-canary-2026!$/],
])('%s: what is sent at create is never sent again', async (passwordProvisioning, more, form) => {
  const config = { baseUrl: server.url, authentication: 'bearer', token: server.token, passwordProvisioning, ...more };
  const target = await admin.addTarget({ name: `Passwords ${passwordProvisioning}`, connectorType: 'scim2', config });
  const userName = `${passwordProvisioning}@acme.example`;
  const user = await run('createUser', { userName, attributes: [{ name: 'givenName', values: ['Ann'] }] });
  const assignment = await run('assignUser', { userId: user.id, targetId: target.connectorId }, 'Assignment');
  const account = await until(() => Promise.resolve(server.users().find((each) => each.userName === userName)));
  const creates = server.bodies.filter(({ method, body }) => method === 'POST' && JSON.stringify(body).includes(userName));
  expect(creates).toHaveLength(1);
  const sent = passwordsIn(creates);
  expect(sent).toHaveLength(passwordProvisioning === 'off' ? 0 : 1);
  for (const password of sent) expect(password).toMatch(form);

  const versionOf = async () => (await usher.app.database.reads(usher.tenantId).byId('user', user.id))?.version;
  await run('changeUser', { id: user.id, version: await versionOf(), attributes: [{ name: 'title', values: ['Archer'] }] });
  await until(() => Promise.resolve(server.store.byId.get(account.id)?.['title'] === 'Archer'));
  await admin.do('mutation($input: RemoveAssignmentInput!) { removeAssignment(input: $input) { __typename } }', {
    input: { id: assignment.id },
  });
  await until(() => Promise.resolve(server.store.byId.get(account.id)?.active === false));
  await run('assignUser', { userId: user.id, targetId: target.connectorId }, 'Assignment');
  await until(() => Promise.resolve(server.store.byId.get(account.id)?.active === true));
  expect(sentFor(account.id).length).toBeGreaterThanOrEqual(3);
  expect(passwordsIn(sentFor(account.id))).toEqual([]);

  // Nowhere in the database, and in no line of the log.
  const links = await usher.app.database.reads(usher.tenantId).find('link', { userId: user.id });
  const kept = JSON.stringify([links, usher.log, await usher.app.database.reads(usher.tenantId).find('operation', { userId: user.id })]);
  for (const password of sent) expect(kept).not.toContain(password);
});
