/** One target and the people that sequences make, change and remove there, with what the target should hold of each of them. */
import { randomUUID } from 'node:crypto';
import { passwords } from '../../src/auth/passwords.ts';
import { addIdentityProvider } from '../../src/commands/add-identity-provider.ts';
import type { Caller } from '../../src/commands/caller.ts';
import { configureGroupProvisioning } from '../../src/commands/configure-group-provisioning.ts';
import { configureOutboundProvisioning } from '../../src/commands/configure-outbound-provisioning.ts';
import { createGroup } from '../../src/commands/create-group.ts';
import { enableProvisioningConnector } from '../../src/commands/enable-provisioning-connector.ts';
import { registerServiceProvider } from '../../src/commands/register-service-provider.ts';
import type { Outcome } from '../../src/commands/outcome.ts';
import type { WantedRow } from '../../src/domain/outbound-settings.ts';
import type { GroupId, IdentityProviderId, ServiceProviderId, TargetId, UserId } from '../../src/domain/vocabulary.ts';
import { createEngine, type Engine } from './engine.ts';
import { createGroupSteps, type GroupSteps } from './group-steps.ts';
import { pick, type Described, type Fake, type Seen } from './fake.ts';
import type { MovableHouse } from './house.ts';
import { groupName, ruled, type RowRules, type Rules } from './rules.ts';

/** What we know of a person, without asking Usher. */
export interface Person extends Described {
  readonly id: UserId;
  /** What they are called in the story, whatever their user name becomes. */
  readonly label: string;
  userName: string;
  attributes: Record<string, string>;
  active: boolean;
  removed: boolean;
  /** They said themself who they are, and nobody has vouched for it. */
  selfRegistered: boolean;
  /** Why they belong at the target: ids of assignments, each with the service provider that it is because of. */
  readonly assignments: Map<string, ServiceProviderId | null>;
  /** At some moment they were to have an account. */
  letIn: boolean;
  inGroup: boolean;
  /** In the group that is provisioned with its members. */
  inTeam: boolean;
  /** Somebody else did something to their account, and Usher has not been asked to look since. */
  tampered: boolean;
}
export interface Foreign {
  readonly seen: Seen;
  readonly isProtected: boolean;
  /** Made for somebody who comes later, and may be taken over. */
  readonly adoptable: boolean;
}
export interface World {
  readonly movable: MovableHouse;
  readonly fake: Fake;
  readonly random: () => number;
  readonly caller: Caller;
  readonly targetId: TargetId;
  readonly identityProviderId: IdentityProviderId;
  /** Where people register themselves. */
  readonly serviceProviderId: ServiceProviderId;
  readonly groupId: GroupId;
  readonly rules: Rules;
  readonly removal: 'deactivate' | 'delete';
  readonly engine: Engine;
  /** Our group that is provisioned at the target. */
  readonly team: { readonly id: GroupId; name: string };
  readonly groupSteps: GroupSteps;
  /** Members whom others put into it. */
  readonly guests: Set<string>;
  /** The department that the mapping gives to everybody; null: each has their own. */
  department: string | null;
  readonly people: Person[];
  /** Accounts that others made, as they were made. */
  readonly foreign: Map<string, Foreign>;
  gateShut: boolean;
  /** Everything that happened, in order. */
  readonly story: string[];
  nextName(): string;
  tell(what: string): void;
}

export async function makeWorld(movable: MovableHouse, fake: Fake, random: () => number): Promise<World> {
  const { house, clock } = movable;
  const { id: tenantId } = await house.database.tenants.create(`Tenant ${randomUUID()}`);
  const caller: Caller = { tenantId, actor: { kind: 'administrator', id: 'test' }, role: 'administrator' };
  const { id: identityProviderId } = valueOf(await addIdentityProvider(house, caller, { name: 'Target' }));
  const removal = pick(random, fake.removals);
  const target = valueOf(
    await enableProvisioningConnector(house, caller, {
      ...{ identityProviderId, name: 'Target', connectorType: fake.connectorType, config: fake.config, removal },
      // How many may end at once is another test's matter: here whoever is to end ends.
      guardEnabled: false,
      maxConcurrentCalls: 16,
    }),
  );
  const noRules: RowRules = { enableRules: false, whenNotApplicable: 'deny', accountsOfDenied: 'end' };
  const rules: Rules = { rows: new Map(), policies: [], combining: 'deny-overrides' };
  for (const name of ['Portal', 'Intranet']) {
    const { id, version } = valueOf(await registerServiceProvider(house, caller, { name, selfRegistration: true }));
    const row = rowOf({ identityProviderId, targetId: target.id }, noRules);
    valueOf(
      await configureOutboundProvisioning(house, caller, {
        ...{ serviceProviderId: id, version, accountsOfRemovedRows: 'keep' },
        table: { kind: 'own', rows: [row] },
      }),
    );
    rules.rows.set(id, noRules);
  }
  const [serviceProviderId] = rules.rows.keys();
  if (!serviceProviderId) throw new Error('There is no service provider.');
  const group = valueOf(await createGroup(house, caller, { name: groupName }));
  const team = valueOf(await createGroup(house, caller, { name: 'Team 1' }));
  valueOf(
    await configureGroupProvisioning(house, caller, {
      targetId: target.id,
      version: target.version,
      groups: [{ groupId: team.id, whenRemoved: 'leave' }],
    }),
  );
  const story: string[] = [`removal: ${removal}`];
  const people: Person[] = [];
  const tell = (what: string): void => void story.push(`${clock.now().toISOString().slice(11, 19)} ${what}`);
  const nameOf = (id: UserId): string => people.find((person) => person.id === id)?.label ?? id;
  let names = 0;
  return {
    ...{ movable, fake, random, caller, identityProviderId, removal, people, rules, story, tell },
    targetId: target.id,
    serviceProviderId,
    groupId: group.id,
    engine: createEngine({
      ...{ house, caller, clock, random },
      targetId: target.id,
      tell: (userId, what) => tell(`    ${nameOf(userId)}: ${what}`),
    }),
    team: { id: team.id, name: team.name },
    groupSteps: createGroupSteps({ ...{ house, caller, clock, random, tell }, targetId: target.id }),
    guests: new Set(),
    department: null,
    foreign: new Map(),
    gateShut: false,
    nextName: () => `person${names++}@acme.example`,
  };
}

/** The row of a service provider to the target, with these rules. */
export function rowOf({ identityProviderId, targetId }: Pick<World, 'identityProviderId' | 'targetId'>, rules: RowRules): WantedRow {
  const row = { identityProviderId, targetId, blocking: false, jitOutbound: false, requireProvisioned: false, rulesOnRemoval: false };
  return { ...row, ...rules, deadlineMs: 10_000, whenDeadlinePasses: 'refuse' };
}

/** Whether the person should have an account, and be able to get in at the target. */
export const isProvisioned = (world: World, person: Person): boolean => belongs(world, person) && ruled(world, person) === 'permitted';

/** Whether they would be, but for the rules: whoever is not has no account, whatever rules say. */
export function belongs(world: World, person: Person): boolean {
  return !person.removed && person.active && person.assignments.size > 0 && (!world.gateShut || person.inGroup);
}

export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'done') return outcome.value;
  throw new Error(JSON.stringify(outcome));
}

export { passwords };
