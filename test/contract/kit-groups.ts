/** Every fault once for every method that concerns groups; and after each, asking again makes it right. */
import assert from 'node:assert/strict';
import { describe, expect, it } from 'vitest';
import { secretFields } from '../../src/connectors/contract/config-fields.ts';
import type { MembersChanged } from '../../src/connectors/contract/connector.ts';
import { faultKinds } from '../support/targets/faults.ts';
import { accepted, groupMethods } from './accepted.ts';
import { accountNameIn, failureOf, orGone, outcomeOf, type Bench, type GroupsInside } from './bench.ts';
import { hangs, injected, lostAfterWrite } from './kit-faults.ts';
import type { Kit, KitAtWork } from './kit.ts';

export function groupFaults({ name: title, definition }: Kit, atWork: () => KitAtWork): void {
  describe.each(faultKinds)(`${title} met with %s at its groups`, (kind) => {
    it.each(groupMethods)('fails as it should at %s, and succeeds when asked again', async (method) => {
      const { target, bench } = atWork();
      const { groups } = bench;
      const inside = insideOf(bench);
      const attributes = bench.newAccount();
      const { id: member } = await bench.create(attributes);
      const { id: other } = await bench.create(bench.newAccount());
      const name = bench.newGroupName();
      const newName = bench.newGroupName('new');
      const { id, name: oldName } = await bench.createGroup();
      await groups.add(id, method === 'remove-members' ? [member, other] : [other], bench.call());
      await groups.find('warm-up', bench.call());

      const told: string[] = [];
      const error = await injected(target, kind, method, () => outcomeOf(ask(hangs(kind) ? 400 : 10_000)));
      expect(accepted(method, kind), error?.message ?? 'success').toContainEqual(
        error?.failure ?? (told.length > 0 ? 'unknown' : 'success'),
      );
      const message = error?.message ?? '';
      expect(message).not.toContain(accountNameIn(bench, attributes));
      for (const field of secretFields(definition.config)) expect(message).not.toContain(target.config[field] ?? 'no such secret');
      assertTrue(error?.failure.kind === 'transient' && error.failure.mayHaveApplied);
      await assertAgain();

      async function ask(milliseconds: number): Promise<unknown> {
        const call = bench.call(milliseconds);
        const note = ({ unknown }: MembersChanged): void => void told.push(...unknown);
        switch (method) {
          case 'find-group':
            return groups.find(oldName, call);
          case 'read-group':
            return groups.read(id, call);
          case 'create-group':
            return groups.create(name, call);
          case 'rename-group':
            return groups.rename(id, newName, call);
          case 'delete-group':
            return groups.delete(id, call);
          case 'add-members':
            return groups.add(id, [member], call).then(note);
          case 'remove-members':
            return groups.remove(id, [member], call).then(note);
        }
      }

      /** Whatever the failure said, it is true of the target. */
      function assertTrue(mayHaveApplied: boolean): void {
        if (!error || mayHaveApplied) return;
        if (method === 'create-group') expect(inside.storedGroups(name)).toBe(0);
        if (method === 'rename-group') expect(inside.storedGroups(newName)).toBe(0);
        if (method === 'delete-group') expect(inside.storedGroups(oldName)).toBe(1);
        if (method === 'add-members') expect(inside.membersOf(oldName)).not.toContain(member);
        if (method === 'remove-members') expect(inside.membersOf(oldName)).toContain(member);
      }

      async function assertAgain(): Promise<void> {
        if (method === 'create-group') {
          if (lostAfterWrite(kind)) await expect.poll(() => inside.storedGroups(name)).toBe(1);
          for (const found of await groups.find(name, bench.call())) await groups.delete(found.id, bench.call());
          return;
        }
        if (method === 'delete-group') {
          await orGone(groups.delete(id, bench.call()));
          assert.equal((await failureOf(groups.read(id, bench.call()))).kind, 'missing');
          return;
        }
        await ask(10_000);
        const current = method === 'rename-group' ? newName : oldName;
        expect(inside.storedGroups(current)).toBe(1);
        expect(inside.membersOf(current).toSorted()).toEqual((method === 'add-members' ? [member, other] : [other]).toSorted());
      }
    });
  });
}

function insideOf({ inside }: Bench): GroupsInside {
  assert(inside, 'The kit target of a definition with groups shows them: KitTarget.groups.');
  return inside;
}
