/** The group at the target against ours: there once, by its name, with our members who have an account there and whoever others put in. */
import type { Link } from '../../src/domain/vocabulary.ts';
import { belongs, type Person, type World } from './world.ts';

export async function groupDifferences(world: World, which: (person: Person) => boolean): Promise<readonly string[]> {
  const groups = world.fake.groups();
  const [group] = groups;
  if (!group || groups.length > 1) return [`the team: there are ${groups.length} groups: ${groups.map(({ name }) => name).join(', ')}`];
  const links = await world.movable.house.database.reads(world.caller.tenantId).find('link', { targetId: world.targetId });
  const inside = new Set(group.members);
  const linked = new Map(links.map((link) => [link.userId, link]));
  const guests = [...world.guests].filter((guest) => !inside.has(guest));
  const known = new Set<string>([
    ...world.guests,
    ...world.people
      .filter((person) => !which(person) || isWanted(world, person, linked))
      .flatMap(({ id }) => accountsOf(world, id, linked)),
  ]);
  const strangers = world.people.every(which) ? group.members.filter((member) => !known.has(member)) : [];
  return [
    ...(group.name === world.team.name ? [] : [`the team: is called ${group.name} at the target instead of ${world.team.name}`]),
    ...(inside.size === group.members.length ? [] : ['the team: somebody is in it twice']),
    ...guests.map((guest) => `the team: ${guest}, whom others put there, is not in it any more`),
    ...strangers.map((member) => `the team: ${member} is in it and should not be`),
    ...world.people.filter(which).flatMap((person) => ofPerson(world, person, linked, inside)),
  ];
}

type Links = ReadonlyMap<string, Link>;

function ofPerson(world: World, person: Person, links: Links, inside: ReadonlySet<string>): readonly string[] {
  const accounts = accountsOf(world, person.id, links);
  const wanted = isWanted(world, person, links);
  const isIn = accounts.some((id) => inside.has(id));
  if (wanted === isIn) return [];
  return [`${person.label}: ${wanted ? 'is not in the group at the target' : 'is in the group at the target and should not be'}`];
}

/** Whoever has no account that Usher may use cannot be in it. */
function isWanted(world: World, person: Person, links: Links): boolean {
  return person.inTeam && belongs(world, person) && links.get(person.id)?.active === true;
}

function accountsOf(world: World, userId: string, links: Links): readonly string[] {
  const link = links.get(userId);
  const own = world.fake.accounts().filter(({ ownId }) => ownId === userId);
  return [...new Set([...(link ? [link.accountId] : []), ...own.map(({ id }) => id)])];
}
