/** What every connector with groups promises about their members. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { MembersChanged } from '../../src/connectors/contract/connector.ts';
import type { AccountId, TargetGroupId } from '../../src/domain/vocabulary.ts';
import { awkwardNames, outcomeOf, wordsOf, type Bench } from './bench.ts';
import type { KitCheck } from './live-kit.ts';

export const memberChecks: readonly KitCheck[] = [
  {
    name: 'a member is added once, however often it is asked for, and others stay',
    run: async (bench) => {
      const group = await bench.createGroup();
      const [ann, bob, cleo] = [await person(bench), await person(bench), await person(bench)];
      await add(bench, group.id, [ann]);
      const foreign = foreignIn(bench, group.name);
      for (const members of [[ann], [bob, ann], [bob, bob, cleo, cleo]]) await add(bench, group.id, members);
      assertMembers(bench, group.name, [ann, bob, cleo, ...foreign]);
    },
  },
  {
    name: 'a member is removed, also where it is none, and others stay',
    run: async (bench) => {
      const group = await bench.createGroup();
      const [ann, bob, cleo, dan] = [await person(bench), await person(bench), await person(bench), await person(bench)];
      await add(bench, group.id, [ann, bob, cleo]);
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
        const { unknown } = await remove(bench, group.id, members);
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
      for (let i = 0; i < 2; i++) await add(bench, group.id, members, 60_000);
      assertMembers(bench, group.name, [...members, ...foreign]);
      await remove(bench, group.id, go, 60_000);
      assertMembers(bench, group.name, [stays ?? '', ...foreign]);
    },
  },
  {
    name: 'naming no members changes none',
    run: async (bench) => {
      const group = await bench.createGroup();
      const ann = await person(bench);
      await add(bench, group.id, [ann]);
      await add(bench, group.id, []);
      assert.deepEqual(await remove(bench, group.id, []), { unknown: [] });
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
      await remove(bench, group.id, [nobody, ann]);
      assertMembers(bench, group.name, [bob]);
    },
  },
  {
    name: 'an account that was ended can be removed',
    run: async (bench) => {
      const group = await bench.createGroup();
      const [ann, bob] = [await person(bench), await person(bench)];
      await add(bench, group.id, [ann, bob]);
      await bench.end(ann);
      for (let i = 0; i < 2; i++) await remove(bench, group.id, [ann]);
      assertMembers(bench, group.name, [bob]);
    },
  },
  {
    name: 'an account of several groups leaves one of them only',
    run: async (bench) => {
      const [staff, guests] = [await bench.createGroup(), await bench.createGroup()];
      const ann = await person(bench);
      for (const { id } of [staff, guests]) await add(bench, id, [ann]);
      await remove(bench, guests.id, [ann]);
      assertMembers(bench, guests.name, []);
      assertMembers(bench, staff.name, [ann]);
    },
  },
  {
    name: 'accounts with awkward names are members like others',
    run: async (bench) => {
      const group = await bench.createGroup();
      const members: AccountId[] = [];
      let words = '';
      for (const name of awkwardNames) {
        const refused = await outcomeOf(person(bench, `kit-${randomUUID().slice(0, 8)}-${name}`).then((id) => members.push(id)));
        if (refused && refused.failure.kind !== 'rejected') throw refused;
        if (refused) words = wordsOf(refused);
      }
      if (members.length === 0) return `the target does not take such names: ${words}`;
      for (let i = 0; i < 2; i++) await add(bench, group.id, members);
      assertMembers(bench, group.name, members);
      const [stays, ...go] = members;
      await remove(bench, group.id, go);
      assertMembers(bench, group.name, [stays ?? '']);
    },
  },
];

/** All of them are known to the target, as soon as it shows them. */
export async function add(bench: Bench, id: TargetGroupId, members: readonly AccountId[], milliseconds?: number): Promise<void> {
  await bench.shows(async () => assert.deepEqual(await bench.groups.add(id, members, bench.call(milliseconds)), { unknown: [] }));
}

async function remove(bench: Bench, id: TargetGroupId, members: readonly AccountId[], milliseconds?: number): Promise<MembersChanged> {
  return bench.shows(() => bench.groups.remove(id, members, bench.call(milliseconds)));
}

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
