/** Everything that may happen to people and their accounts: a sequence picks from here. Start with changeSomething. */
import { addMembers } from '../../src/commands/add-members.ts';
import { assignUser } from '../../src/commands/assign-user.ts';
import { changeIdentityProvider } from '../../src/commands/change-identity-provider.ts';
import { changeUser } from '../../src/commands/change-user.ts';
import { createUser } from '../../src/commands/create-user.ts';
import { deactivateUser } from '../../src/commands/deactivate-user.ts';
import { provisionUserNow } from '../../src/commands/provision-user-now.ts';
import { reactivateUser } from '../../src/commands/reactivate-user.ts';
import { registerUser } from '../../src/commands/register-user.ts';
import { removeAssignment } from '../../src/commands/remove-assignment.ts';
import { removeMembers } from '../../src/commands/remove-members.ts';
import { removeUser } from '../../src/commands/remove-user.ts';
import { resumeProvisioningConnector } from '../../src/commands/resume-provisioning-connector.ts';
import { retryOperations } from '../../src/commands/retry-operations.ts';
import type { ServiceProviderId } from '../../src/domain/vocabulary.ts';
import { pick } from './fake.ts';
import { changeMapping, joinTeam, leaveTeam, othersJoinTeam, renameConnector, renameTeam } from './group-changes.ts';
import { changeRules } from './rule-changes.ts';
import { isProvisioned, passwords, valueOf, type Person, type World } from './world.ts';

const mostPeople = 15;
/** None of these is sent to a target. */
const badges = ['red', 'blue', null];
const attributeNames = ['givenName', 'familyName', 'title', 'phone', 'department'];

type Change = (world: World, person: Person) => Promise<unknown>;

/** How often each happens, against the others. */
const ofPeople: readonly (readonly [number, string, Change])[] = [
  [24, 'changes attributes', changeSomeAttributes],
  [6, 'changes the user name', rename],
  [7, 'deactivates', deactivate],
  [7, 'reactivates', reactivate],
  [3, 'removes', remove],
  [6, 'assigns', assignSomehow],
  [4, 'takes off', takeOff],
  [5, 'is given another badge', giveBadge],
  [9, 'puts into the group', join],
  [4, 'takes out of the group', leave],
  [5, 'provisions now', provisionNow],
  [9, 'joins the team', joinTeam],
  [4, 'leaves the team', leaveTeam],
];
const ofTheRest: readonly (readonly [number, (world: World) => Promise<unknown>])[] = [
  [4, switchGate],
  [5, foreignAccountAppears],
  [7, othersTamper],
  [2, retry],
  [8, resume],
  [2, renameTeam],
  [2, othersJoinTeam],
  [2, renameConnector],
  [1, changeMapping],
  [14, changeRules],
];
const sum = (all: readonly (readonly [number, ...unknown[]])[]): number => all.reduce((total, [weight]) => total + weight, 0);

export async function changeSomething(world: World): Promise<void> {
  await change(world);
  for (const person of world.people) person.letIn ||= isProvisioned(world, person);
}

async function change(world: World): Promise<void> {
  const { random, people } = world;
  const alive = people.filter((person) => !person.removed);
  if (alive.length < 3 || (alive.length < mostPeople && random() < 0.25)) return appear(world);
  let at = random() * (sum(ofPeople) + sum(ofTheRest));
  for (const [weight, what, happen] of ofPeople) {
    at -= weight;
    if (at >= 0) continue;
    const person = pick(random, alive);
    world.tell(`${person.label}: ${what}`);
    await happen(world, person);
    return;
  }
  for (const [weight, happen] of ofTheRest) {
    at -= weight;
    if (at >= 0) continue;
    await happen(world);
    return;
  }
}

/** Somebody registers themself, or an administrator makes and assigns them. Now and then somebody else has made an account for them before. */
async function appear(world: World): Promise<void> {
  const { random } = world;
  const given = freedName(world);
  const userName = given ?? world.nextName();
  if (given === null && random() < 0.2) put(world, userName, true);
  if (random() < 0.5) await register(world, userName);
  else await assignSomehow(world, await make(world, userName));
}

/** An administrator makes somebody. */
export async function make(world: World, userName = world.nextName()): Promise<Person> {
  const person = newcomer(world, userName);
  const { attributes } = person;
  const input = { userStoreId: null, userName, attributes: typedOf(attributes), active: true };
  const { id } = valueOf(await createUser(world.movable.house, world.caller, input));
  const made: Person = { ...person, id, selfRegistered: false, assignments: new Map() };
  world.people.push(made);
  world.tell(`${made.label}: is made by an administrator`);
  return made;
}

export async function register(world: World, userName = world.nextName()): Promise<Person> {
  const { movable, caller, serviceProviderId } = world;
  const person = newcomer(world, userName);
  const input = { serviceProviderId, userName, attributes: typedOf(person.attributes), password: null };
  const { id } = valueOf(await registerUser(movable.house, passwords, input));
  const assignments = await movable.house.database.reads(caller.tenantId).find('assignment', { userId: id });
  const made: Person = {
    ...person,
    id,
    selfRegistered: true,
    assignments: new Map(assignments.map((assignment) => [assignment.id, serviceProviderId])),
  };
  world.people.push(made);
  world.tell(`${made.label}: registers`);
  return made;
}

function newcomer(world: World, userName: string): Omit<Person, 'id' | 'selfRegistered' | 'assignments'> {
  const name = userName.split('@')[0] ?? '';
  const label = world.people.some((person) => person.label === name) ? `${name}, number ${world.people.length}` : name;
  return {
    label,
    userName,
    attributes: someAttributes(world),
    active: true,
    removed: false,
    letIn: false,
    inGroup: false,
    inTeam: false,
    tampered: false,
  };
}

/** Of somebody who was removed: who comes back with it is another user. */
function freedName({ fake, people, random }: World): string | null {
  if (!fake.freesNames || random() > 0.15) return null;
  const taken = new Set(people.filter((person) => !person.removed).map((person) => person.userName));
  const free = people.filter((person) => person.removed && !taken.has(person.userName));
  return free.length === 0 ? null : pick(random, free).userName;
}

function someAttributes({ random }: World): Record<string, string> {
  return Object.fromEntries(attributeNames.filter(() => random() < 0.6).map((name) => [name, valueFor(name, random)]));
}
const valueFor = (name: string, random: () => number): string => `${name} ${Math.floor(random() * 1_000)}`;
const typedOf = (attributes: Readonly<Record<string, string | null>>) =>
  Object.entries(attributes).map(([name, value]) => ({ name, type: 'string' as const, values: value === null ? null : [value] }));

async function giveBadge(world: World, person: Person): Promise<void> {
  await changeAttributes(world, person, { badge: pick(world.random, badges) });
}

function changeSomeAttributes(world: World, person: Person): Promise<void> {
  const { random } = world;
  const names = attributeNames.filter(() => random() < 0.4);
  return changeAttributes(world, person, Object.fromEntries(names.map((name) => [name, random() < 0.25 ? null : valueFor(name, random)])));
}
export async function changeAttributes(world: World, person: Person, patch: Readonly<Record<string, string | null>>): Promise<void> {
  const before = JSON.stringify(Object.entries(person.attributes).sort());
  for (const [name, value] of Object.entries(patch))
    if (value === null) Reflect.deleteProperty(person.attributes, name);
    else person.attributes[name] = value;
  valueOf(await changeUser(world.movable.house, world.caller, { id: person.id, version: null, attributes: typedOf(patch) }));
  if (JSON.stringify(Object.entries(person.attributes).sort()) !== before) person.selfRegistered = false;
}

export async function rename(world: World, person: Person): Promise<void> {
  const userName = world.nextName();
  valueOf(await changeUser(world.movable.house, world.caller, { id: person.id, version: null, userName }));
  world.tell(`    ${person.label} is ${userName} now`);
  Object.assign(person, { userName, selfRegistered: false });
}

async function deactivate(world: World, person: Person): Promise<void> {
  valueOf(await deactivateUser(world.movable.house, world.caller, { id: person.id, version: null }));
  person.active = false;
}
async function reactivate(world: World, person: Person): Promise<void> {
  valueOf(await reactivateUser(world.movable.house, world.caller, { id: person.id, version: null }));
  person.active = true;
}
export async function remove(world: World, person: Person): Promise<void> {
  valueOf(await removeUser(world.movable.house, world.caller, { id: person.id, version: null }));
  person.removed = true;
}
/** Because of no service provider, unless one is given: no rule is asked. */
export async function assign(world: World, person: Person, serviceProviderId: ServiceProviderId | null = null): Promise<void> {
  const { movable, caller, targetId } = world;
  const assignment = valueOf(await assignUser(movable.house, caller, { userId: person.id, targetId, serviceProviderId }));
  person.assignments.set(assignment.id, serviceProviderId);
}
async function assignSomehow(world: World, person: Person): Promise<void> {
  await assign(world, person, pick(world.random, [...world.rules.rows.keys(), null]));
}
/** Takes away every reason why the person belongs there. */
export async function unassign(world: World, person: Person): Promise<void> {
  for (const id of person.assignments.keys()) valueOf(await removeAssignment(world.movable.house, world.caller, { id }));
  person.assignments.clear();
}
async function takeOff(world: World, person: Person): Promise<void> {
  if (person.assignments.size === 0) return;
  const id = pick(world.random, [...person.assignments.keys()]);
  valueOf(await removeAssignment(world.movable.house, world.caller, { id }));
  person.assignments.delete(id);
}
async function join(world: World, person: Person): Promise<void> {
  valueOf(await addMembers(world.movable.house, world.caller, { groupId: world.groupId, userIds: [person.id] }));
  person.inGroup = true;
}
async function leave(world: World, person: Person): Promise<void> {
  valueOf(await removeMembers(world.movable.house, world.caller, { groupId: world.groupId, userIds: [person.id] }));
  person.inGroup = false;
}

export async function provisionNow(world: World, person: Person): Promise<void> {
  valueOf(await provisionUserNow(world.movable.house, world.caller, { userId: person.id, serviceProviderId: null }));
}

async function switchGate(world: World): Promise<void> {
  const { movable, caller, identityProviderId: id, groupId } = world;
  world.gateShut = !world.gateShut;
  world.tell(`the gate is ${world.gateShut ? 'shut' : 'open'}`);
  const provider = await movable.house.database.reads(caller.tenantId).byId('identityProvider', id);
  const outboundRoles = world.gateShut ? [groupId] : [];
  valueOf(await changeIdentityProvider(movable.house, caller, { id, version: provider?.version ?? 0, outboundRoles }));
}

/** `forSomebody`: who comes later by this name may take it over. */
function put(world: World, name: string, forSomebody: boolean): void {
  const isProtected = forSomebody && world.fake.hasProtected && world.random() < 0.3;
  const id = world.fake.put(name, isProtected);
  const seen = world.fake.accounts().find((account) => account.id === id);
  if (!seen) throw new Error('What others made is not there.');
  world.foreign.set(id, { seen, isProtected, adoptable: forSomebody && !isProtected });
  world.tell(`others make an account: ${name}${isProtected ? ', an administrator' : ''}`);
}

async function foreignAccountAppears(world: World): Promise<void> {
  put(world, `stranger${world.foreign.size}@acme.example`, false);
  return Promise.resolve();
}

/** Others touch an account of ours, as they like. */
async function othersTamper(world: World): Promise<void> {
  const { fake, people, random } = world;
  const ours = fake.accounts().filter(({ ownId }) => people.some((person) => person.id === ownId));
  if (ours.length === 0) return;
  const account = pick(random, ours);
  const what = fake.tamper(account.id, random);
  const person = people.find(({ id }) => id === account.ownId);
  if (person && what !== null) person.tampered = true;
  world.tell(`${person?.label ?? account.name}: somebody else ${what ?? 'does nothing to'} the account`);
  return Promise.resolve();
}

/** An operator retries what was given up. Returns how many operations that made. */
export async function retry(world: World): Promise<number> {
  const { movable, caller, targetId } = world;
  const { retried } = valueOf(await retryOperations(movable.house, caller, { targetId, first: 1_000, after: null }));
  world.tell(`an operator retries: ${retried}`);
  return retried;
}

async function resume(world: World): Promise<void> {
  valueOf(await resumeProvisioningConnector(world.movable.house, world.caller, world.targetId));
}
