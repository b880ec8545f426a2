/**
 * What every connector with groups promises about them. No call lists members, so who is in a group is seen from inside, where the
 * target is a fake; against a live target the calls themselves have to do.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TargetGroup } from '../../src/connectors/contract/connector.ts';
import type { TargetGroupId } from '../../src/domain/vocabulary.ts';
import { awkwardNames, errorOf, failureOf, orGone, outcomeOf, wordsOf, type Bench } from './bench.ts';
import { add, assertMembers, memberChecks } from './live-members.ts';
import type { KitCheck } from './live-kit.ts';

export const groupChecks: readonly KitCheck[] = [
  {
    name: 'a new group has an id and its name, is read and found by it, and is empty',
    run: async (bench) => {
      const name = bench.newGroupName();
      await bench.createGroup();
      const group = await bench.createGroup(name);
      assert(group.id !== '');
      assert.deepEqual(group, { id: group.id, name });
      await bench.shows(async () => assert.deepEqual(await bench.groups.read(group.id, bench.call()), group));
      await assertGroups(bench, name, [group]);
      assert.deepEqual(bench.inside?.membersOf(name) ?? [], []);
    },
  },
  {
    name: 'a name that no group has is found nowhere, also not as part or pattern of another',
    run: async (bench) => {
      const { name } = await bench.createGroup();
      const parts = [
        name.slice(0, -1),
        name.slice(1),
        `${name.slice(0, 9)}*`,
        `${name.slice(0, 9)}%`,
        '*',
        '" or displayName pr or displayName eq "',
      ];
      for (const part of [...parts, ...awkwardNames.map((awkward) => `${awkward}-${randomUUID()}`)])
        assert.deepEqual(await bench.groups.find(part, bench.call()), [], part);
    },
  },
  ...awkwardNames.map((awkward): KitCheck => ({
    name: `a group named ${awkward} is created, found, read and renamed exactly`,
    run: async (bench) => {
      const name = bench.newGroupName(awkward);
      const refused = await outcomeOf(bench.createGroup(name));
      if (refused?.failure.kind === 'rejected') return `the target does not take such names: ${wordsOf(refused)}`;
      if (refused) throw refused;
      const [found] = await bench.shows(async () => {
        const groups = await bench.groups.find(name, bench.call());
        assert.equal(groups.length, 1);
        return groups;
      });
      assert.equal(found?.name, name);
      const renamed = await bench.shows(() => bench.groups.rename(found.id, `${name}2`, bench.call()));
      assert.deepEqual(renamed, { id: found.id, name: `${name}2` });
      await assertGroups(bench, `${name}2`, [renamed]);
    },
  })),
  {
    name: 'a second group of one name is a conflict, or another group and both are found',
    run: async (bench) => {
      const first = await bench.createGroup();
      const refused = await bench.shows(async () => {
        const outcome = await outcomeOf(bench.createGroup(first.name));
        if (outcome) assert.equal(outcome.failure.kind, 'conflict');
        return outcome;
      });
      await bench.shows(async () => {
        const found = await bench.groups.find(first.name, bench.call());
        assert.equal(found.length, refused ? 1 : 2);
        assert(found.some(({ id }) => id === first.id));
      });
    },
  },
  {
    name: 'a renamed group keeps its id and its members, and is found by its new name only',
    run: async (bench) => {
      const group = await bench.createGroup();
      const { id: member } = await bench.create(bench.newAccount());
      await add(bench, group.id, [member]);
      const foreign = bench.inside?.putForeignMember?.(group.name);
      const name = bench.newGroupName('renamed');
      for (let i = 0; i < 2; i++)
        await bench.shows(async () => assert.deepEqual(await bench.groups.rename(group.id, name, bench.call()), { id: group.id, name }));
      await assertGroups(bench, name, [{ id: group.id, name }]);
      await assertGroups(bench, group.name, []);
      assertMembers(bench, name, [member, ...(foreign === undefined ? [] : [foreign])]);
    },
  },
  {
    name: 'a deleted group is gone, deleting it again succeeds or says so, and its members stay',
    run: async (bench) => {
      const group = await bench.createGroup();
      const { id: member } = await bench.create(bench.newAccount());
      await add(bench, group.id, [member]);
      await bench.endGroup(group.id);
      await orGone(bench.groups.delete(group.id, bench.call()));
      await assertGroups(bench, group.name, []);
      const { groups } = bench;
      const late: Readonly<Record<string, (id: TargetGroupId) => Promise<unknown>>> = {
        read: (id) => groups.read(id, bench.call()),
        rename: (id) => groups.rename(id, bench.newGroupName(), bench.call()),
        add: (id) => groups.add(id, [member], bench.call()),
        remove: (id) => groups.remove(id, [member], bench.call()),
      };
      for (const [name, ask] of Object.entries(late))
        await bench.shows(async () => assert.equal((await failureOf(ask(group.id))).kind, 'missing', name));
      assert.equal((await bench.shows(() => bench.connector.read(member, bench.call()))).id, member);
    },
  },
  ...memberChecks,
  {
    name: 'a call about a group that is over before it begins changes nothing and fails at once',
    run: async (bench) => {
      const over = { ...bench.call(), signal: AbortSignal.abort() };
      const group = await bench.createGroup();
      const { id: member } = await bench.create(bench.newAccount());
      const name = bench.newGroupName();
      for (const ask of [
        () => bench.groups.create(name, over),
        () => bench.groups.rename(group.id, name, over),
        () => bench.groups.add(group.id, [member], over),
        () => bench.groups.delete(group.id, over),
      ])
        assert.deepEqual((await errorOf(ask())).failure, { kind: 'transient', mayHaveApplied: false });
      await assertGroups(bench, name, []);
      assertMembers(bench, group.name, []);
    },
  },
];

/** Exactly these groups are found by this name. */
async function assertGroups(bench: Bench, name: string, groups: readonly TargetGroup[]): Promise<void> {
  await bench.shows(async () => assert.deepEqual(await bench.groups.find(name, bench.call()), groups));
}
