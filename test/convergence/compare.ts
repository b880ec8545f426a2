/** What the target holds against what it should: every difference in one sentence. Start with differences. */
import type { Link } from '../../src/domain/vocabulary.ts';
import type { Seen } from './fake.ts';
import { ruled } from './rules.ts';
import { belongs, type Person, type World } from './world.ts';

export async function differences(world: World, which: (person: Person) => boolean): Promise<readonly string[]> {
  const accounts = world.fake.accounts();
  const links = await world.movable.house.database.reads(world.caller.tenantId).find('link', { targetId: world.targetId });
  return [
    ...world.people.filter(which).flatMap((person) => ofPerson(world, person, accounts, links)),
    ...ofOthers(world, accounts),
    ...accounts
      .filter(({ passwords }) => passwords !== null && passwords !== 1)
      .map(({ name, passwords }) => `${name}: has had ${passwords} passwords`),
  ];
}

function ofPerson(world: World, person: Person, accounts: readonly Seen[], links: readonly Link[]): readonly string[] {
  const mine = accounts.filter(({ ownId }) => ownId === person.id);
  const say = (what: string): string => `${person.label}: ${what}`;
  const doubles = mine.length > 1 ? [say(`has ${mine.length} accounts`)] : [];
  const link = links.find(({ userId }) => userId === person.id) ?? null;
  const byRules = ruled(world, person);
  if (belongs(world, person) && byRules === 'left') {
    const active = mine.filter((account) => account.active);
    return [...doubles, ...(person.letIn ? [] : active.map(() => say('was kept out by rules all the time, and has an active account')))];
  }
  if (!belongs(world, person) || byRules === 'ended') {
    // An account that others made active again, of somebody who has no business there, is none of Usher's.
    const active = person.tampered ? [] : mine.filter((account) => account.active);
    const left = person.removed && world.removal === 'delete' ? mine : [];
    return [
      ...doubles,
      ...active.map(() => say('should not get in, and has an active account')),
      ...left.map(() => say('was removed, and the account is not deleted')),
      ...(person.removed && link ? [say('was removed, and is still linked')] : []),
    ];
  }
  const [account] = mine;
  if (!account) return isInTheWay(world, person, accounts) ? [] : [say('has no account')];
  const wrong = Object.entries(expectedOf(world, person)).filter(([name, value]) => account.shown[name] !== value);
  return [
    ...doubles,
    ...(account.active ? [] : [say('has an account that is not active')]),
    ...(account.name === person.userName ? [] : [say(`has an account called ${account.name}`)]),
    ...wrong.map(([name, value]) => say(`has the ${name} ${String(account.shown[name])} instead of ${String(value)}`)),
    ...(link?.accountId === account.id ? [] : [say(`is linked to ${link?.accountId ?? 'nothing'} instead of ${account.id}`)]),
    ...(link?.active === false ? [say('has a link that says the account is not active')] : []),
  ];
}

function expectedOf(world: World, person: Person): Readonly<Record<string, unknown>> {
  const expected = world.fake.expected(person);
  return world.department === null ? expected : { ...expected, department: world.department };
}

/** Accounts of others are as they were made, but those that were adopted; and there is none that nobody made. */
function ofOthers(world: World, accounts: readonly Seen[]): readonly string[] {
  const known = new Set(world.people.map(({ id }): string => id));
  const isOurs = ({ ownId }: Seen): boolean => ownId !== null && known.has(ownId);
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const touched = [...world.foreign.values()].filter(({ seen, adoptable }) => {
    const now = byId.get(seen.id);
    if (now?.whole === seen.whole) return false;
    if (!adoptable) return true;
    // Whoever it was made for has it now, or had it when it was deleted.
    if (now === undefined || isOurs(now)) return false;
    // Taken over, it ends with its person, though nothing that would have been written to it ever arrived.
    const owner = world.people.find(({ label }) => seen.name.startsWith(`${label}@`));
    return now.active || owner === undefined || belongs(world, owner);
  });
  const strangers = accounts.filter((account) => !world.foreign.has(account.id) && !isOurs(account));
  return [
    ...touched.map(({ seen }) => `${seen.name}: an account of others was touched, it is now ${byId.get(seen.id)?.whole ?? 'gone'}`),
    ...strangers.map(({ name }) => `${name}: is an account of nobody`),
  ];
}

/** Accounts under their name that a person would have to decide about, or that nobody may touch. */
function isInTheWay(world: World, person: Person, accounts: readonly Seen[]): boolean {
  const others = accounts.filter(({ name, ownId }) => name === person.userName && ownId !== person.id);
  return others.length > 1 || others.some(({ id }) => person.selfRegistered || world.foreign.get(id)?.isProtected === true);
}
