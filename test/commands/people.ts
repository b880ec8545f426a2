/** A tenant with a service provider and targets, and short words for what tests of people ask about. */
import type { Caller } from '../../src/commands/caller.ts';
import type { House, Transaction } from '../../src/commands/ports.ts';
import type { Outcome } from '../../src/commands/outcome.ts';
import type { AccountId, GroupId, Operation, OutboundRow, Target, User } from '../../src/domain/vocabulary.ts';
import type { Configuration } from '../support/configuration.ts';
import { mapAccount, type AccountAttributeSpec } from '../../src/domain/mapping.ts';
import { makeWorld, type World } from '../persistence/world.ts';
import { settledEvents } from '../support/events.ts';

export interface People extends Omit<World, 'target' | 'user'> {
  readonly world: World;
  readonly house: House;
  readonly caller: Caller;
  write<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** One more target beside the first. */
  target(name: string): Promise<Target>;
  /** An outbound row of the service provider. */
  row(target: Target, row?: Partial<OutboundRow>): Promise<void>;
  assign(user: User, target: Target): Promise<string>;
  /** An account that is right as the user is now. */
  link(user: User, target: Target): Promise<void>;
  user(userName: string): Promise<User>;
  /** Operations of a user, oldest first. */
  operations(user: Pick<User, 'id'>): Promise<readonly Operation[]>;
  /** What a running worker would do: ends every unfinished operation of the user, well or not. */
  end(user: Pick<User, 'id'>, state: 'succeeded' | 'failed'): Promise<void>;
  again(user: Pick<User, 'id'>): Promise<User>;
  events(user: Pick<User, 'id'>): Promise<readonly string[]>;
}

let count = 0;

export async function makePeople({ database, house }: Configuration): Promise<People> {
  const world = await makeWorld(database, `People ${(count += 1)}`);
  const { tenantId, serviceProvider } = world;
  const reads = database.reads(tenantId);
  const write: People['write'] = (work) => database.transaction(tenantId, work);
  return {
    ...world,
    world,
    house,
    caller: { tenantId, actor: { kind: 'administrator', id: 'test' }, role: 'administrator' },
    write,
    target: (name) =>
      write((tx) => {
        const { identityProviderId, connectorType, config, matchingAttribute } = world.target;
        const settings = { identityProviderId, connectorType, config, matchingAttribute };
        return tx.insert('target', {
          ...settings,
          name,
          enabled: true,
          removal: 'deactivate',
          adoption: 'link',
          maxConcurrentCalls: 3,
          removalAskedAt: null,
        });
      }),
    row: (target, row = {}) =>
      write(async (tx) => {
        await tx.change('serviceProvider', serviceProvider.id, { ownsOutboundRows: true });
        await tx.insert('outboundRow', {
          serviceProviderId: serviceProvider.id,
          targetId: target.id,
          blocking: false,
          enableRules: false,
          jitOutbound: true,
          deadlineMs: 5_000,
          whenDeadlinePasses: 'refuse',
          ...row,
        });
      }),
    assign: (user, target) =>
      write(async (tx) => (await tx.insert('assignment', { userId: user.id, targetId: target.id, serviceProviderId: null })).id),
    link: async (user, target) => {
      await write(async (tx) => {
        const specs = house.definitions.get(target.connectorType)?.account ?? [];
        const applied = mapped(specs, user);
        await tx.insert('link', {
          userId: user.id,
          targetId: target.id,
          accountId: `account ${user.id}` as AccountId,
          origin: 'created',
          active: true,
          applied,
          appliedAt: new Date(),
        });
      });
    },
    user: (userName) =>
      write((tx) =>
        tx.insert('user', { userStoreId: world.storeId, userName, attributes: { title: ['Dr'] }, active: true, removedAt: null }),
      ),
    operations: (user) => reads.find('operation', { userId: user.id }),
    end: async (user, state) => {
      for (const { id } of await reads.find('operation', { userId: user.id, state: ['pending', 'running'] }))
        await write((tx) =>
          tx.change('operation', id, { state, settledAt: new Date(), failureKind: state === 'failed' ? 'rejected' : null }),
        );
    },
    again: async (user) => (await reads.byId('user', user.id))!,
    events: async (user) => {
      const { items } = await settledEvents(reads, { after: null, first: 500, userId: user.id });
      return items.map(({ type }) => type);
    },
  };
}

export const group = (people: People, name: string): Promise<GroupId> =>
  people.write(async (tx) => (await tx.insert('group', { name })).id);

/** The value of an outcome that must have gone well. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'done') return outcome.value;
  throw new Error(JSON.stringify(outcome));
}

function mapped(specs: readonly AccountAttributeSpec[], user: User) {
  const account = mapAccount(specs, user);
  if (account.kind !== 'mapped') throw new Error(`A user of this test has no value for ${account.attribute}.`);
  return account.attributes;
}
