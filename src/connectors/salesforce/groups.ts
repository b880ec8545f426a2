import { createHash } from 'node:crypto';
import type { AccountId, TargetGroupId } from '../../domain/vocabulary.ts';
import { isObject, type Json } from '../contract/answer.ts';
import { ConnectorError, type Call, type GroupCalls, type MembersChanged, type TargetGroup } from '../contract/connector.ts';
import { hasCode, unreadable } from './failures.ts';
import { text } from './json.ts';
import { collectionSize, deleteRecords, triedToCreate } from './memberships.ts';
import type { Rest } from './rest.ts';
import { anyOf, isId, longId, quoted } from './soql.ts';

const looking = { doing: 'reading a public group', writes: false, about: 'collection' } as const;
const readingOne = { ...looking, about: 'record' } as const;
const creating = { doing: 'creating a public group', writes: true, about: 'collection' } as const;
const changing = { doing: 'changing a public group', writes: true, about: 'record' } as const;
const filling = { doing: 'changing the members of a public group', writes: true, about: 'collection' } as const;

/** Public groups (Group of type Regular). Its members of other kinds, roles and groups, are never looked at. */
export function createGroups(rest: Rest): GroupCalls {
  async function record(id: TargetGroupId, call: Call): Promise<Json> {
    const answer = isId(id, '00G')
      ? await rest.run(readingOne, call, async (connection) => connection.retrieve('Group', longId(id)))
      : null;
    // Queues and the groups behind roles are Group as well, and none of ours.
    if (!isObject(answer) || text(answer, 'Type') !== 'Regular')
      throw new ConnectorError({ kind: 'missing' }, 'There is no public group of this id.');
    return answer;
  }

  async function find(name: string, call: Call): Promise<readonly TargetGroup[]> {
    const found = await rest.query(`SELECT Id, Name FROM Group WHERE Type = 'Regular' AND Name = ${quoted(name)}`, looking, call);
    return found.map(groupFrom).filter((group) => group.name.toLowerCase() === name.toLowerCase());
  }

  async function create(name: string, call: Call): Promise<TargetGroup> {
    // Names of public groups need not be unique, API names are: a second group of one name is refused and not made.
    const fields = { Name: name, DeveloperName: developerName(name), Type: 'Regular' };
    const answer = await rest.run(creating, call, async (connection) => connection.create('Group', fields));
    const id = isObject(answer) ? text(answer, 'id') : null;
    if (id === null || !isId(id, '00G')) throw unreadable(creating);
    return { id: longId(id) as TargetGroupId, name };
  }

  async function rename(id: TargetGroupId, name: string, call: Call): Promise<TargetGroup> {
    const before = await record(id, call);
    // An API name that Usher did not make is what rules and code of the organisation call the group: it stays.
    const isOurs = text(before, 'DeveloperName') === developerName(text(before, 'Name') ?? '');
    const fields = { Id: longId(id), Name: name, ...(isOurs ? { DeveloperName: developerName(name) } : {}) };
    await rest.run(changing, call, async (connection) => connection.update('Group', fields));
    return { id: longId(id) as TargetGroupId, name };
  }

  async function remove(id: TargetGroupId, call: Call): Promise<void> {
    if (!isId(id, '00G')) throw new ConnectorError({ kind: 'missing' }, 'There is no public group of this id.');
    await rest.run(changing, call, async (connection) => connection.destroy('Group', longId(id)));
  }

  async function add(id: TargetGroupId, members: readonly AccountId[], call: Call): Promise<MembersChanged> {
    const named = [...new Set(members)];
    const [users, others] = [named.filter((member) => isId(member, '005')), named.filter((member) => !isId(member, '005'))];
    const records = users.map((member) => ({ GroupId: longId(id), UserOrGroupId: longId(member) }));
    const failed = await triedToCreate(rest, 'GroupMember', records, filling, call);
    if (failed.length > 0 || records.length === 0) await record(id, call);
    const unknown: AccountId[] = [...others];
    for (const { record: member, failure } of failed) {
      // The group is there, so it is the user that the organisation does not know.
      const isUnknown: boolean = hasCode(failure, 'INVALID_CROSS_REFERENCE_KEY', 'MALFORMED_ID');
      if (!isUnknown) throw failure;
      unknown.push(...users.filter((user) => longId(user) === member['UserOrGroupId']));
    }
    return { unknown };
  }

  async function take(id: TargetGroupId, members: readonly AccountId[], call: Call): Promise<MembersChanged> {
    const users = members.filter((member) => isId(member, '005')).map(longId);
    const condition = `GroupId = ${quoted(longId(id))} AND ${anyOf('UserOrGroupId', users)}`;
    const found = users.length === 0 ? [] : await rest.query(`SELECT Id FROM GroupMember WHERE ${condition}`, looking, call);
    if (found.length === 0) await record(id, call);
    const ids = found.flatMap((member) => text(member, 'Id') ?? []);
    await deleteRecords(rest, 'GroupMember', ids, filling, call);
    return { unknown: [] };
  }

  return { find, read: async (id, call) => groupFrom(await record(id, call)), create, rename, delete: remove, add, remove: take };
}

export const memberBatch = collectionSize;

function groupFrom(json: Json): TargetGroup {
  return { id: longId(text(json, 'Id') ?? '') as TargetGroupId, name: text(json, 'Name') ?? '' };
}

/** Letters, digits and single underscores, beginning with a letter. What a name loses on the way is told apart by a digest. */
function developerName(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const digest = createHash('sha256').update(name.toLowerCase()).digest('hex').slice(0, 8);
  return words === name && /^[A-Za-z]/.test(name) ? name : `G_${words}_${digest}`.replace(/_+/g, '_').slice(0, 80);
}
