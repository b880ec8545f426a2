/** What every connector with groups promises about their members. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { AccountId } from '../../src/domain/vocabulary.ts';
import { awkwardNames, outcomeOf, type Bench } from './bench.ts';
import type { KitCheck } from './live-kit.ts';

export const memberChecks: readonly KitCheck[] = [
  {
    name: 'a member is added once, however often it is asked for, and others stay',
    run: async (bench) => {
      const group = await bench.createGroup();
      const [ann, bob, cleo] = [await person(bench), await person(bench), await person(bench)];
      await bench.groups.add(group.id, [ann], bench.call());
      const foreign = foreignIn(bench, group.name);
      for (const members of [[ann], [bob, ann], [bob, bob, cleo, cleo]])
        assert.deepEqual(await bench.groups.add(group.id, members, bench.call()), { unknown: [] });
      assertMembers(bench, group.name, [ann, bob, cleo, ...foreign]);
    },
  },
  {
    name: 'a member is removed, also where it is none, and others stay',
    run: async (bench) => {
      const group = await bench.createGroup();
      const [ann, bob, cleo, dan] = [await person(bench), await person(bench), await person(bench), await person(bench)];
      await bench.groups.add(group.id, [ann, bob, cleo], bench.call());
      const foreign = foreignIn(bench, group.name);
      for (const [members, left] of [
        [[dan], [ann, bob, cleo]],
        [[bob], [ann, cleo]],
        [
          [bob, dan],
          [ann, cleo],
        ],
        [[bob, cleo, cleo], [ann]],
        [[ann], []],
        [[ann], []],
      ] as const) {
        const before = bench.inside?.membersOf(group.name);
        const { unknown } = await bench.groups.remove(group.id, members, bench.call());
        for (const member of unknown) assert(!before?.includes(member), 'a member is told as none');
        assertMembers(bench, group.name, [...left, ...foreign]);
      }
    },
  },
  {
    name: 'many members are added and removed at once',
    run: async (bench) => {
      const group = await bench.createGroup();
      const members: AccountId[] = [];
      while (members.length < bench.members) members.push(await person(bench));
      const [stays, ...go] = members;
      const foreign = foreignIn(bench, group.name);
      for (let i = 0; i < 2; i++) await bench.groups.add(group.id, members, bench.call(60_000));
      assertMembers(bench, group.name, [...members, ...foreign]);
      await bench.groups.remove(group.id, go, bench.call(60_000));
      assertMembers(bench, group.name, [stays ?? '', ...foreign]);
    },
  },
  {
    name: 'naming no members changes none',
    run: async (bench) => {
      const group = await bench.createGroup();
      const ann = await person(bench);
      await bench.groups.add(group.id, [ann], bench.call());
      assert.deepEqual(await bench.groups.add(group.id, [], bench.call()), { unknown: [] });
      assert.deepEqual(await bench.groups.remove(group.id, [], bench.call()), { unknown: [] });
      assertMembers(bench, group.name, [ann]);
    },
  },
  {
    name: 'an account that the target does not know is told, or taken as it is, and the others are added all the same',
    run: async (bench) => {
      const group = await bench.createGroup();
      const [ann, bob] = [await person(bench), await person(bench)];
      const nobody = await bench.unknownAccount();
      const { unknown } = await bench.groups.add(group.id, [ann, nobody, bob], bench.call());
      assert(unknown.every((id) => id === nobody) && unknown.length <= 1, 'only the unknown one is told');
      const members = bench.inside?.membersOf(group.name).filter((id) => id !== nobody);
      if (members) assert.deepEqual(members.toSorted(), [ann, bob].toSorted());
      if (bench.inside && unknown.length === 1) assert(!bench.inside.membersOf(group.name).includes(nobody), 'it was told and is a member');
      await bench.groups.remove(group.id, [nobody, ann], bench.call());
      assertMembers(bench, group.name, [bob]);
    },
  },
  {
    name: 'an account that was ended can be removed',
    run: async (bench) => {
      const group = await bench.createGroup();
      const [ann, bob] = [await person(bench), await person(bench)];
      await bench.groups.add(group.id, [ann, bob], bench.call());
      await bench.end(ann);
      for (let i = 0; i < 2; i++) await bench.groups.remove(group.id, [ann], bench.call());
      assertMembers(bench, group.name, [bob]);
    },
  },
  {
    name: 'an account of several groups leaves one of them only',
    run: async (bench) => {
      const [staff, guests] = [await bench.createGroup(), await bench.createGroup()];
      const ann = await person(bench);
      for (const { id } of [staff, guests]) await bench.groups.add(id, [ann], bench.call());
      await bench.groups.remove(guests.id, [ann], bench.call());
      assertMembers(bench, guests.name, []);
      assertMembers(bench, staff.name, [ann]);
    },
  },
  {
    name: 'accounts with awkward names are members like others',
    run: async (bench) => {
      const group = await bench.createGroup();
      const members: AccountId[] = [];
      for (const name of awkwardNames) {
        const refused = await outcomeOf(person(bench, `kit-${randomUUID().slice(0, 8)}-${name}`).then((id) => members.push(id)));
        if (refused && refused.failure.kind !== 'rejected') throw refused;
      }
      if (members.length === 0) return 'the target does not take such names';
      for (let i = 0; i < 2; i++) await bench.groups.add(group.id, members, bench.call());
      assertMembers(bench, group.name, members);
      const [stays, ...go] = members;
      await bench.groups.remove(group.id, go, bench.call());
      assertMembers(bench, group.name, [stays ?? '']);
    },
  },
];

/** Exactly these are members, each once. Nothing to say where nobody can look inside. */
export function assertMembers(bench: Bench, name: string, ids: readonly string[]): void {
  if (bench.inside) assert.deepEqual(bench.inside.membersOf(name).toSorted(), [...ids].toSorted());
}

async function person(bench: Bench, name?: string): Promise<AccountId> {
  return (await bench.create(bench.newAccount(name))).id;
}

/** Somebody whom Usher did not put there, and who has to stay. */
function foreignIn(bench: Bench, name: string): readonly string[] {
  const id = bench.inside?.putForeignMember?.(name);
  return id === undefined ? [] : [id];
}
