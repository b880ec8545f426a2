/** Short words for tests of groups at targets: our groups, who is in them, and what is known of them there. */
import { randomUUID } from 'node:crypto';
import { addMembers } from '../../src/commands/add-members.ts';
import type { Caller } from '../../src/commands/caller.ts';
import { changeGroup } from '../../src/commands/change-group.ts';
import { configureGroupProvisioning } from '../../src/commands/configure-group-provisioning.ts';
import { createGroup } from '../../src/commands/create-group.ts';
import type { Outcome } from '../../src/commands/outcome.ts';
import { removeGroup } from '../../src/commands/remove-group.ts';
import { removeMembers } from '../../src/commands/remove-members.ts';
import type { Group, GroupRemoval, ProvisionedGroup, ProvisionedMember, TargetId, UserId } from '../../src/domain/vocabulary.ts';
import type { ServiceProvider } from './administer.ts';
import type { Engine, MemoryAtHand } from './engine.ts';
import { until } from './people.ts';

export interface Person {
  readonly id: UserId;
  readonly userName: string;
}
/** A target with an application, and people who have accounts there. */
export interface Place {
  readonly target: MemoryAtHand;
  readonly app: ServiceProvider;
  readonly people: readonly Person[];
}

export async function placeWith(engine: Engine, count: number, more?: Record<string, unknown>): Promise<Place> {
  const target = await engine.target(more);
  const app = await engine.serviceProvider({ target });
  const people = await Promise.all(Array.from({ length: count }, () => engine.register(app)));
  await engine.rest(target);
  return { target, app, people };
}
export const accountOf = ({ memory }: MemoryAtHand, { userName }: Person): string =>
  memory.accounts().find((account) => account.attributes['userName'] === userName)?.id ?? 'none';
export const countCalls = ({ memory }: MemoryAtHand, method: string): number =>
  memory.calls.filter((call) => call.method === method).length;

interface Somewhere {
  readonly connectorId: string;
}
export interface Groups {
  /** One of ours, with these in it. */
  make(members?: readonly { readonly id: UserId }[], name?: string): Promise<Group>;
  join(group: Group, ...members: readonly { readonly id: UserId }[]): Promise<void>;
  leave(group: Group, ...members: readonly { readonly id: UserId }[]): Promise<void>;
  rename(group: Group, name: string): Promise<Group>;
  remove(group: Group): Promise<void>;
  /** These groups and no others are provisioned there. */
  choose(target: Somewhere, groups: readonly Group[], whenRemoved?: GroupRemoval): Promise<void>;
  at(target: Somewhere): Promise<readonly ProvisionedGroup[]>;
  members(target: Somewhere): Promise<readonly ProvisionedMember[]>;
  /** Waits until nothing is due or under way there, and every group is in this state. */
  rest(target: Somewhere, state?: ProvisionedGroup['state']): Promise<readonly ProvisionedGroup[]>;
}

export function groupsOf(engine: Engine): Groups {
  const { house, database } = engine.usher.app;
  const { tenantId } = engine.usher;
  const caller: Caller = { tenantId, actor: { kind: 'administrator', id: 'test' }, role: 'administrator' };
  const reads = database.reads(tenantId);
  const groups: Groups = {
    async make(members = [], name = `Group ${randomUUID()}`) {
      const group = valueOf(await createGroup(house, caller, { name }));
      await groups.join(group, ...members);
      return group;
    },
    async join(group, ...members) {
      if (members.length > 0) valueOf(await addMembers(house, caller, { groupId: group.id, userIds: members.map((member) => member.id) }));
    },
    async leave(group, ...members) {
      valueOf(await removeMembers(house, caller, { groupId: group.id, userIds: members.map((member) => member.id) }));
    },
    async rename({ id }, name) {
      const version = (await reads.byId('group', id))?.version ?? 0;
      return valueOf(await changeGroup(house, caller, { id, version, name }));
    },
    async remove({ id }) {
      valueOf(await removeGroup(house, caller, { id, evenIfUsed: false }));
    },
    async choose({ connectorId }, chosen, whenRemoved = 'leave') {
      const targetId = connectorId as TargetId;
      const version = (await reads.byId('target', targetId))?.version ?? 0;
      const input = { targetId, version, groups: chosen.map(({ id }) => ({ groupId: id, whenRemoved })) };
      valueOf(await configureGroupProvisioning(house, caller, input));
    },
    at: ({ connectorId }) => reads.find('provisionedGroup', { targetId: connectorId as TargetId }),
    async members(target) {
      const ids = (await groups.at(target)).map((group) => group.id);
      return ids.length === 0 ? [] : reads.find('provisionedMember', { provisionedGroupId: ids });
    },
    async rest(target, state = 'right') {
      return until(
        async () => {
          const found = await groups.at(target);
          return found.every((group) => group.state === state) ? found : null;
        },
        20_000,
        `The groups did not become ${state}.`,
      );
    },
  };
  return groups;
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'done') return outcome.value;
  throw new Error(JSON.stringify(outcome));
}

/** So many more people with accounts and links, in the group: hundreds of registrations would take a while. */
export async function fill(engine: Engine, target: MemoryAtHand, group: Group, howMany: number): Promise<void> {
  const { tenantId } = engine.usher;
  const { database, house } = engine.usher.app;
  const ids = Array.from({ length: howMany }, () => house.chance.uuid());
  const accounts = ids.map((id) => target.memory.put({ userName: id }).id);
  await database.query(
    `insert into "user" (id, tenant_id, user_store_id, user_name, attributes, active, version, created_at, updated_at)
     select v.id, $1, s.id, v.id, '{}', true, 1, now(), now() from unnest($2::uuid[]) as v(id), user_store s where s.tenant_id = $1 and s.name = 'PRIMARY'`,
    [tenantId, ids],
  );
  await database.query(
    `insert into link (id, tenant_id, user_id, target_id, account_id, origin, active, applied, applied_at)
     select v.id, $1, v.id, $2, v.account, 'created', true, '{}', now() from unnest($3::uuid[], $4::text[]) as v(id, account)`,
    [tenantId, target.connectorId, ids, accounts],
  );
  await database.query(
    `insert into membership (id, tenant_id, group_id, user_id) select v.id, $1, $2, v.id from unnest($3::uuid[]) as v(id)`,
    [tenantId, group.id, ids],
  );
}
