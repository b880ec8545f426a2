/** The way out: deactivated, deleted after a grace period, brought back; and many removals at once held for somebody to confirm. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestDueDeletions } from '../../src/commands/request-due-deletions.ts';
import type { UserId } from '../../src/domain/vocabulary.ts';
import { startEngine, type Engine, type MemoryAtHand } from '../support/engine.ts';
import { until } from '../support/people.ts';
import { settledEvents } from '../support/events.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.close());

const reads = () => engine.usher.app.database.reads(engine.usher.tenantId);
const run = (name: string, type: string, input: Record<string, unknown>, fields = '__typename'): Promise<any> =>
  engine.admin.do(`mutation($input: ${type}!) { ${name}(input: $input) { ${fields} ... on Problem { message path } } }`, { input });
const linkOf = async (userId: string) => (await reads().find('link', { userId: userId as UserId }))[0] ?? null;
const removeUser = (id: string) => run('removeUser', 'UserByIdInput', { id });
const lane = (userId: string, target: MemoryAtHand) => ({ userId, targetId: target.connectorId });

async function people(
  count: number,
  ...targets: readonly MemoryAtHand[]
): Promise<readonly { readonly id: string; readonly userName: string }[]> {
  const users: { id: string; userName: string }[] = [];
  for (let n = 0; n < count; n++) {
    const user = await run(
      'createUser',
      'CreateUserInput',
      { userName: `leaver-${randomUUID()}`, attributes: [] },
      '... on User { id userName }',
    );
    for (const target of targets) await run('assignUser', 'AssignUserInput', { userId: user.id, targetId: target.connectorId });
    users.push(user);
  }
  await engine.rest(...targets);
  return users;
}
async function unassign(userId: string): Promise<void> {
  for (const { id } of await reads().find('assignment', { userId: userId as UserId }))
    await run('removeAssignment', 'RemoveAssignmentInput', { id });
}
/** The date has come. */
const passGrace = (userId: string) =>
  engine.usher.app.database.query(`update link set delete_at = now() - interval '1 second' where user_id = $1`, [userId]);
const held = async (target: MemoryAtHand): Promise<any> =>
  (
    await engine.admin.do(
      `{ heldRemovals(first: 20) { edges { node { targetId count since provisioningConnector { name } operations(first: 10) { totalCount edges { node { id state heldAt userId } } } } } } }`,
    )
  ).edges
    .map((edge: any) => edge.node)
    .find((each: any) => each.targetId === target.connectorId) ?? null;
const explained = async (userId: string, target: MemoryAtHand): Promise<any> =>
  (
    await engine.admin.do(
      `query($userId: ID!) { explain(userId: $userId, trigger: CHANGE) { targets { targetId hindrances reason link { active deleteAt } } } }`,
      { userId },
    )
  ).targets.find((each: any) => each.targetId === target.connectorId);
const grace = { removal: 'DEACTIVATE_THEN_DELETE', graceDays: 20 };

describe.concurrent('after a grace period', () => {
  it('an account is deleted that was deactivated at once, and the date is told meanwhile', async () => {
    const target = await engine.target(grace);
    const [user] = await people(1, target);
    await unassign(user!.id);
    await engine.rest(target);
    expect(target.memory.accounts()).toMatchObject([{ active: false }]);
    const link = await linkOf(user!.id);
    const days = (link!.deleteAt!.getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(19.9);
    expect(days).toBeLessThan(20.1);
    expect(await explained(user!.id, target)).toMatchObject({ link: { active: false, deleteAt: link!.deleteAt!.toISOString() } });
    expect(await requestDueDeletions(engine.usher.app.house)).toBe(0);
    await passGrace(user!.id);
    await requestDueDeletions(engine.usher.app.house);
    await until(() => target.memory.accounts().length === 0);
    await engine.rest(target);
    expect(await linkOf(user!.id)).toBeNull();
    expect((await engine.operationsOf(user!.id)).map(({ kind, trigger, state }) => [kind, trigger, state])).toEqual([
      ['provision', 'change', 'succeeded'],
      ['deprovision', 'removal', 'succeeded'],
      ['deprovision', 'removal', 'succeeded'],
    ]);
  });

  it('the account of a removed user is deleted, too: its link is kept until then', async () => {
    const target = await engine.target(grace);
    const [user] = await people(1, target);
    await removeUser(user!.id);
    await engine.rest(target);
    expect(await linkOf(user!.id)).toMatchObject({ active: false });
    await passGrace(user!.id);
    await requestDueDeletions(engine.usher.app.house);
    await until(async () => (await linkOf(user!.id)) === null);
    expect(target.memory.accounts()).toEqual([]);
  });

  it('it is deleted once, whoever asks at the same time, and whoever died in between', async () => {
    const target = await engine.target(grace);
    const users = await people(3, target);
    for (const { id } of users) await unassign(id);
    await engine.rest(target);
    target.memory.inject({ kind: 'fail', when: 'after', failure: { kind: 'transient', mayHaveApplied: true }, method: 'delete', times: 1 });
    for (const { id } of users) await passGrace(id);
    await Promise.all(Array.from({ length: 4 }, () => requestDueDeletions(engine.usher.app.house)));
    await until(() => target.memory.accounts().length === 0);
    await engine.rest(target);
    for (const { id } of users) {
      const endings = (await engine.operationsOf(id)).filter((operation) => operation.kind === 'deprovision');
      expect(endings).toHaveLength(2);
    }
    expect(await requestDueDeletions(engine.usher.app.house)).toBe(0);
  });

  it('it stays where somebody called that off, whatever is looked at afterwards', async () => {
    const target = await engine.target(grace);
    const [user] = await people(1, target);
    await unassign(user!.id);
    await engine.rest(target);
    const cancelled = await run('cancelDeletion', 'LinkInput', lane(user!.id, target), '... on Link { deleteAt active }');
    expect(cancelled).toEqual({ deleteAt: null, active: false });
    await removeUser(user!.id);
    await engine.rest(target);
    await requestDueDeletions(engine.usher.app.house);
    await engine.rest(target);
    expect(target.memory.accounts()).toMatchObject([{ active: false }]);
    expect(await linkOf(user!.id)).toMatchObject({ deleteAt: null });
  });

  it('it stays where its person came back, and is active again', async () => {
    const target = await engine.target(grace);
    const [user] = await people(1, target);
    const [account] = target.memory.accounts();
    await unassign(user!.id);
    await engine.rest(target);
    await run('assignUser', 'AssignUserInput', { userId: user!.id, targetId: target.connectorId });
    await engine.rest(target);
    expect(await linkOf(user!.id)).toMatchObject({ active: true, deleteAt: null, accountId: account!.id });
    expect(target.memory.accounts()).toMatchObject([{ id: account!.id, active: true }]);
  });

  it('it stays where its person came back while they are deactivated', async () => {
    const target = await engine.target(grace);
    const [user] = await people(1, target);
    await unassign(user!.id);
    await engine.rest(target);
    await run('deactivateUser', 'UserByIdInput', { id: user!.id });
    await run('assignUser', 'AssignUserInput', { userId: user!.id, targetId: target.connectorId });
    await passGrace(user!.id);
    await requestDueDeletions(engine.usher.app.house);
    await engine.rest(target);
    expect(target.memory.accounts()).toMatchObject([{ active: false }]);
    expect(await linkOf(user!.id)).toMatchObject({ deleteAt: null });
  });

  it('it goes to whoever comes back as a new user of that name, as an account that matches', async () => {
    const target = await engine.target(grace);
    const [user] = await people(1, target);
    const [account] = target.memory.accounts();
    await removeUser(user!.id);
    await engine.rest(target);
    const again = await run('createUser', 'CreateUserInput', { userName: user!.userName, attributes: [] }, '... on User { id }');
    await run('assignUser', 'AssignUserInput', { userId: again.id, targetId: target.connectorId });
    await engine.rest(target);
    expect(await linkOf(again.id)).toMatchObject({ accountId: account!.id, active: true, deleteAt: null });
    expect(await linkOf(user!.id)).toBeNull();
  });
});

describe.concurrent('an account that was deleted', () => {
  it('is brought back for its person, and made right', async () => {
    const target = await engine.target({ removal: 'DELETE' });
    const [user] = await people(1, target);
    const [account] = target.memory.accounts();
    await unassign(user!.id);
    await engine.rest(target);
    expect(target.memory.accounts()).toEqual([]);
    await engine.changeTitle(user!.id, 'Returned');
    await run('assignUser', 'AssignUserInput', { userId: user!.id, targetId: target.connectorId });
    await engine.rest(target);
    expect(target.memory.accounts()).toMatchObject([{ id: account!.id, active: true, attributes: { title: 'Returned' } }]);
    const [attempt] = await reads().find('attempt', { operationId: (await engine.operationsOf(user!.id)).at(-1)!.id });
    expect(attempt).toMatchObject({ action: 'restored' });
  });

  it('is made anew where the target cannot bring it back any more', async () => {
    const target = await engine.target({ removal: 'DELETE' });
    const [user] = await people(1, target);
    const [account] = target.memory.accounts();
    await unassign(user!.id);
    await engine.rest(target);
    target.memory.reset();
    await run('assignUser', 'AssignUserInput', { userId: user!.id, targetId: target.connectorId });
    await engine.rest(target);
    expect(target.memory.accounts()).toHaveLength(1);
    expect(target.memory.accounts()[0]!.id).not.toBe(account!.id);
  });
});

describe.concurrent('many removals at once', () => {
  it('are held with the list, told in events and explained, and go on when somebody confirms them', async () => {
    const target = await engine.target({ guardCount: 3 });
    const users = await people(6, target);
    await run('disableProvisioningConnector', 'ProvisioningConnectorIdInput', { id: target.connectorId });
    for (const { id } of users) await removeUser(id);
    // Who has the row of one at that moment counts it when they let go of it.
    await expect.poll(() => held(target)).toMatchObject({ count: 6, operations: { totalCount: 6 } });
    const list = await held(target);
    expect(list.operations.edges.every(({ node }: any) => node.state === 'HELD' && node.heldAt !== null)).toBe(true);
    await run('reenableProvisioningConnector', 'ProvisioningConnectorIdInput', { id: target.connectorId });
    const refused = await engine.admin
      .do(`mutation($input: DecideRemovalsInput!) { confirmRemovals(input: $input) { __typename ... on InUse { message path } } }`, {
        input: { targetId: target.connectorId, count: 5 },
      })
      .catch((error: unknown) => String(error));
    expect(refused).toMatch(/6 removals are held/);
    expect(target.memory.accounts().every((account) => account.active)).toBe(true);
    await run('confirmRemovals', 'DecideRemovalsInput', { targetId: target.connectorId, count: 6 });
    await engine.rest(target);
    expect(target.memory.accounts().every((account) => !account.active)).toBe(true);
    expect(await held(target)).toBeNull();
    const events = await settledEvents(reads(), {
      after: null,
      first: 100,
      targetId: target.connectorId as never,
      types: ['removals.held', 'removals.confirmed'],
    });
    const told = events.items.filter((event) => event.type === 'removals.held').map(({ payload }) => payload as Record<string, number>);
    expect(told[0]!['held']).toBeLessThanOrEqual(4);
    expect(told.reduce((sum, payload) => sum + payload['held']!, 0)).toBe(6);
    expect(told.at(-1)).toMatchObject({ waiting: 6 });
    expect(events.items.at(-1)).toMatchObject({ type: 'removals.confirmed', payload: { removals: 6, by: 'api-token' } });
  });

  it('leave the accounts as they are when somebody calls them off, and say why', async () => {
    const target = await engine.target({ guardCount: 1 });
    const users = await people(4, target);
    await run('disableProvisioningConnector', 'ProvisioningConnectorIdInput', { id: target.connectorId });
    for (const { id } of users) await unassign(id);
    expect(await explained(users[3]!.id, target)).toMatchObject({ hindrances: expect.arrayContaining(['REMOVAL_HELD']) });
    await run('cancelRemovals', 'DecideRemovalsInput', { targetId: target.connectorId, count: 4 });
    await run('reenableProvisioningConnector', 'ProvisioningConnectorIdInput', { id: target.connectorId });
    await engine.rest(target);
    expect(target.memory.accounts().every((account) => account.active)).toBe(true);
    expect(await explained(users[0]!.id, target)).toMatchObject({ reason: 'NOT_ASSIGNED', link: { active: true } });
    expect((await engine.operationsOf(users[0]!.id)).at(-1)).toMatchObject({ state: 'cancelled' });
  });

  it('let somebody have the account again who is assigned meanwhile', async () => {
    const target = await engine.target({ guardCount: 0 });
    const [user] = await people(1, target);
    await unassign(user!.id);
    expect(await held(target)).toMatchObject({ count: 1 });
    await run('assignUser', 'AssignUserInput', { userId: user!.id, targetId: target.connectorId });
    await engine.rest(target);
    expect(await held(target)).toBeNull();
    expect(target.memory.accounts()).toMatchObject([{ active: true }]);
  });

  it('of a connector that goes with its accounts are held, unless whoever removes it says how many they are', async () => {
    const [unsaid, said] = [await engine.target({ guardCount: 2 }), await engine.target({ guardCount: 2 })];
    await people(4, unsaid, said);
    const remove = (target: MemoryAtHand, more: Record<string, unknown>) =>
      run('removeProvisioningConnector', 'RemoveProvisioningConnectorInput', { id: target.connectorId, accounts: 'DEPROVISION', ...more });
    await remove(unsaid, {});
    await remove(said, { confirmedAccounts: 4 });
    await until(() => said.memory.accounts().every((account) => !account.active));
    expect(await held(unsaid)).toMatchObject({ count: 4 });
    expect(unsaid.memory.accounts().every((account) => account.active)).toBe(true);
    expect(await held(said)).toBeNull();
  });

  it('are held where a gate that closes asks for them in the background', async () => {
    const target = await engine.target({ guardCount: 2 });
    await people(5, target);
    const group = await run('createGroup', 'CreateGroupInput', { name: `gate ${randomUUID()}` }, '... on Group { id }');
    const { version } = await engine.admin.do(`query($id: ID!) { identityProvider(id: $id) { version } }`, {
      id: target.identityProviderId,
    });
    await run('changeIdentityProvider', 'ChangeIdentityProviderInput', {
      id: target.identityProviderId,
      version,
      outboundRoleGroupIds: [group.id],
    });
    const all = await until(async () => {
      const found = await reads().find('operation', { targetId: target.connectorId as never, kind: 'deprovision' });
      return found.length === 5 && found.every(({ state }) => state === 'held' || state === 'succeeded') ? found : null;
    });
    // Whatever had begun before there were too many is no more than the guard lets pass.
    expect(all.filter(({ state }) => state === 'succeeded').length).toBeLessThanOrEqual(2);
    expect(target.memory.accounts().filter((account) => account.active).length).toBeGreaterThanOrEqual(3);
  });

  it('are counted for whoever watches', async () => {
    const target = await engine.target({ guardCount: 0 });
    const [user] = await people(1, target);
    await removeUser(user!.id);
    const backlog = await engine.usher.app.database.operations.backlog(new Date());
    expect(backlog.find((each) => each.targetId === target.connectorId)).toMatchObject({ held: 1, due: 0 });
  });
});
