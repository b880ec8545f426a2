import type { AccountId } from '../../domain/vocabulary.ts';
import type { Answer } from '../contract/answer.ts';
import type { Call, GroupCalls } from '../contract/connector.ts';
import type { GroupChanges } from './group-change.ts';
import { adding, memberIds, removing } from './group-resource.ts';

const addingPurpose = { doing: 'adding members to a group', writes: true };
const removingPurpose = { doing: 'removing members from a group', writes: true };
/** Accounts looked at side by side. */
const looksAtOnce = 5;

/** Adds and removes members by naming them; what the server lists is never compared with what it should list. */
export function createMembers(
  groups: GroupChanges,
  accountExists: (id: AccountId, call: Call) => Promise<boolean>,
): Pick<GroupCalls, 'add' | 'remove'> {
  const add: GroupCalls['add'] = async (id, members, call) => {
    const wanted = [...new Set(members)];
    if (wanted.length === 0) return { unknown: [] };
    // Some servers store a member that is there already a second time. Only the whole group tells, on every server: filters over
    // members are answered with nothing by some that know them.
    const held = memberIds(await groups.read(id, call));
    const absent = wanted.filter((member) => !held.has(member));
    if (absent.length === 0) return { unknown: [] };
    const edit = adding(absent);
    const answer = await groups.ask(id, edit, addingPurpose, call);
    if (mayBeAboutMember(answer)) {
      const known = await existing(absent, call);
      // It refuses all of them for one that it does not know.
      if (known.length < absent.length) {
        const { unknown } = await add(id, known, call);
        return { unknown: [...unknown, ...absent.filter((member) => !known.includes(member))] };
      }
    }
    await groups.conclude(answer, id, edit, addingPurpose, call);
    return { unknown: [] };
  };

  const remove: GroupCalls['remove'] = async (id, members, call) => {
    const wanted = [...new Set(members)];
    if (wanted.length === 0) return { unknown: [] };
    const edit = removing(wanted);
    const answer = await groups.ask(id, edit, removingPurpose, call);
    if (mayBeAboutMember(answer)) {
      const held = memberIds(await groups.read(id, call));
      const there = wanted.filter((member) => held.has(member));
      // It refuses to remove what is not there.
      if (there.length < wanted.length) return remove(id, there, call);
    }
    await groups.conclude(answer, id, edit, removingPurpose, call);
    return { unknown: [] };
  };

  async function existing(ids: readonly AccountId[], call: Call): Promise<readonly AccountId[]> {
    const known: AccountId[] = [];
    for (let i = 0; i < ids.length; i += looksAtOnce) {
      const some = ids.slice(i, i + looksAtOnce);
      const there = await Promise.all(some.map((id) => accountExists(id, call)));
      known.push(...some.filter((_, index) => there[index]));
    }
    return known;
  }

  return { add, remove };
}

function mayBeAboutMember({ status }: Answer): boolean {
  return [400, 404, 409, 422, 500].includes(status);
}
