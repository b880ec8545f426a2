/**
 * Whatever happens to people, to their accounts and to the way to the target, in whatever order: when it is over, the target holds exactly
 * what it should. Random sequences of changes, of faults and of steps of the engine, against each fake target. Always the same one, so that
 * nobody's build fails by chance; USHER_PROPERTY_RUNS=20 takes as many new ones. A seed is in the message of what fails; USHER_PROPERTY_SEED
 * repeats it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../support/targets/faults.ts';
import { changeSomething, provisionNow, retry } from './changes.ts';
import { differences } from './compare.ts';
import { groupDifferences } from './compare-groups.ts';
import { silentFaults, type Fake } from './fake.ts';
import { beginRules, formOfGroups, formOfRole, onlyPolicy, setRows } from './rule-changes.ts';
import { ruled } from './rules.ts';
import { renameTeam, retryGroups } from './group-changes.ts';
import { fakes } from './fakes.ts';
import { openMovableHouse, type MovableHouse } from './house.ts';
import { makeWorld, type Person, type World } from './world.ts';

const given = process.env['USHER_PROPERTY_SEED'];
const runs = Number(process.env['USHER_PROPERTY_RUNS'] ?? 0);
const seeds = runs > 0 ? Array.from({ length: runs }, () => Math.floor(Math.random() * 1e9)) : [Number(given ?? 492001789)];
const changes = 150;

describe.each(seeds)('after any sequence of changes and faults (seed %i)', (seed) => {
  let movable: MovableHouse;
  beforeAll(async () => void (movable = await openMovableHouse()));
  afterAll(() => movable.close());

  it.each(fakes)(
    '%s holds exactly the accounts that it should',
    async (name, start) => {
      // Each its own, so that one of them can be repeated alone.
      const random = seededRandom(seed + name.length);
      movable.chanceBy(random);
      const fake: Fake = await start();
      const world = await makeWorld(movable, fake, random);
      try {
        await beginRules(world);
        await live(world);
        await settle(world);
        const untouched = await allDifferences(world, (person) => !person.tampered);
        expect(untouched, told(world, seed, untouched)).toEqual([]);
        await mend(world);
        const all = await allDifferences(world, (person) => !(person.tampered && ruled(world, person) === 'left'));
        expect(all, told(world, seed, all)).toEqual([]);
        const denied = await denyMany(world);
        expect(denied, told(world, seed, denied)).toEqual([]);
        expect(movable.defects, told(world, seed, movable.defects)).toEqual([]);
      } finally {
        await fake.close();
      }
    },
    120_000,
  );
});

/** Changes come at any moment of an attempt: before its lease, between its steps, while another one is under way. */
async function live(world: World): Promise<void> {
  const { engine, random, movable, fake } = world;
  let [isSilent, isDelayed] = [false, false];
  for (let left = changes; left > 0;) {
    const choice = random();
    if (random() < 0.2) await groupStep(world);
    else if (choice < 0.34) {
      await changeSomething(world);
      left--;
    } else if (choice < 0.45) await engine.lease(1 + Math.floor(random() * 4));
    else if (choice < 0.67) await engine.run();
    else if (choice < 0.88) await engine.settle();
    else if (choice < 0.895) (random() < 0.7 ? engine : world.groupSteps).die();
    else if (choice < 0.95) {
      // Mostly less than a lease lasts, and now and then more: then its answer is lost.
      // The fake hides for so many looks, whatever the clock says: it must not hide longer than Google does.
      if (!isDelayed) movable.clock.advance(Math.floor(random() ** 4 * 40_000));
    } else if (choice < 0.96) await engine.reevaluate();
    else if (choice < 0.966) {
      world.tell('connections are opened anew');
      await movable.reopen();
    } else {
      // What never answers is waited for in real time: not long, and not for ever.
      if (isSilent || isDelayed) fake.behave();
      const what = fake.misbehave(random);
      world.tell(`fault: ${what}`);
      isSilent = silentFaults.some((kind) => what.startsWith(kind));
      isDelayed = what === 'hides';
      movable.patience(isSilent ? 150 : 20_000);
    }
  }
}

/** The faults stop, and an operator retries what was given up because of them. */
async function settle(world: World): Promise<void> {
  const { movable, fake } = world;
  world.tell('everything works from here on');
  fake.behave();
  movable.patience(20_000);
  await restAll(world);
  // Twice: what stood in the way of one may have been another.
  for (let round = 0; round < 2; round++) if ((await retry(world)) + (await retryGroups(world)) > 0) await restAll(world);
}

/** What a worker does for groups, or a part of it. */
async function groupStep({ groupSteps, random }: World): Promise<void> {
  const choice = random();
  if (choice < 0.4) await groupSteps.lease();
  else if (choice < 0.7) await groupSteps.run();
  else await groupSteps.settle();
}

/** Accounts first: with them groups get their members. */
async function restAll({ engine, groupSteps }: World): Promise<void> {
  await engine.rest();
  await groupSteps.rest();
}

async function allDifferences(world: World, which: (person: Person) => boolean): Promise<readonly string[]> {
  return [...(await differences(world, which)), ...(await groupDifferences(world, which))];
}

/** Where others touched accounts of ours, Usher has no reason to look: an operator gives it one. */
async function mend(world: World): Promise<void> {
  for (const person of world.people.filter(({ tampered, removed }) => tampered && !removed)) {
    world.tell(`${person.label}: an operator provisions them now`);
    await provisionNow(world, person);
    // Whom nobody assigns any more is not Usher's to look at, and neither is an account that rules leave as it is.
    person.tampered = person.assignments.size === 0 || ruled(world, person) === 'left';
  }
  await restAll(world);
}

/**
 * What both choices make of people who are denied and have an account: left, it is as it was, to the letter; ended, they cannot get in. Then
 * policies and names that they see change one by one, and each time whom they come to permit gets in, and whom they come to deny no more.
 */
async function denyMany(world: World): Promise<readonly string[]> {
  const { team, groupId } = world;
  const rules = { enableRules: true, whenNotApplicable: 'deny', accountsOfDenied: 'leave' } as const;
  await setRows(world, { ...rules, enableRules: false });
  await restAll(world);
  const before = new Map(world.fake.accounts().map((account) => [account.id, account.whole]));
  await setRows(world, rules);
  await onlyPolicy(world, formOfGroups([team.id]));
  await restAll(world);
  const left = new Set(world.people.filter((person) => ruled(world, person) === 'left').map(({ id }): string => id));
  const touched = world.fake.accounts().filter(({ id, ownId, whole }) => left.has(ownId ?? '') && before.get(id) !== whole);
  const wrong = touched.map(({ name }) => `${name}: was to be left as it is`);
  const changesOfRules = [
    () => setRows(world, { ...rules, accountsOfDenied: 'end' }),
    () => onlyPolicy(world, formOfGroups([groupId])),
    () => onlyPolicy(world, formOfRole(team.name)),
    () => renameTeam(world),
  ];
  for (const change of changesOfRules) {
    await change();
    await restAll(world);
    wrong.push(...(await differences(world, (person) => !person.tampered)));
  }
  return wrong;
}

/** The seed, and what happened to whom it went wrong with. */
function told(world: World, seed: number, wrong: readonly string[]): string {
  const names = new Set(wrong.map((line) => line.split(':')[0] ?? ''));
  const lines = world.story.filter(
    (line) =>
      [...names].some((name) => line.includes(`${name}:`) || line.includes(`${name} is `)) ||
      /fault|retries|gate|works|group|team|mapping|connector|rules/.test(line),
  );
  return [`USHER_PROPERTY_SEED=${seed} (${world.fake.connectorType})`, ...wrong, 'What happened:', ...lines].join('\n');
}
