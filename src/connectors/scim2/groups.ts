import type { TargetGroupId } from '../../domain/vocabulary.ts';
import type { Answer, Purpose } from '../contract/answer.ts';
import { ConnectorError, type Call, type GroupCalls, type TargetGroup } from '../contract/connector.ts';
import type { Accounts, ChangeSettings } from './change.ts';
import type { Features } from './discovery.ts';
import { unreadable } from './failures.ts';
import { isAwkward } from './filter.ts';
import { createGroupChanges } from './group-change.ts';
import { groupFrom, groupSchema, renaming } from './group-resource.ts';
import { createListing, Refusal, type SearchSettings } from './listing.ts';
import { createMembers } from './members.ts';
import { groupEndpoint } from './group-endpoint.ts';
import { groupPath, idFrom, isPage, type Transport } from './transport.ts';

const reading = { doing: 'reading a group', writes: false };
const creating = { doing: 'creating a group', writes: true };
const changingName = { doing: 'renaming a group', writes: true };
const deleting = { doing: 'deleting a group', writes: true };
/** Nobody has to be told who is in a group to know what it is called; a large one is many megabytes. */
const withoutMembers = { excludedAttributes: 'members' } as const;

/** Groups (RFC 7643, 4.2). Names are compared exactly: what differs in case only may be another group, and is never taken for ours. */
export function createGroups(
  transport: Transport,
  settings: ChangeSettings & SearchSettings,
  features: (signal: AbortSignal) => Promise<Features>,
  accounts: Pick<Accounts, 'exists'>,
): GroupCalls {
  const changes = createGroupChanges(transport, settings, features);
  const endpoint = groupEndpoint(transport);
  const collection = {
    path: 'Groups',
    plural: 'groups',
    query: withoutMembers,
    read: (json: Parameters<typeof groupFrom>[0]) => groupFrom(json),
  } as const;
  const listing = createListing<TargetGroup>(collection, transport, settings, features);

  async function find(name: string, call: Call): Promise<readonly TargetGroup[]> {
    const promised = (await features(call.signal)).filter === true;
    const question = {
      filters: [`displayName eq ${JSON.stringify(name)}`],
      matches: (group: TargetGroup) => group.name === name,
      awkward: isAwkward(name),
      doubtful: isAwkward(name) || !promised,
      ordinary: true,
      attribute: null,
    };
    return listing(question, call).catch(async (error: unknown) => {
      throw error instanceof Refusal ? ((await endpoint.absence(error.answer, call)) ?? error) : error;
    });
  }

  async function read(id: TargetGroupId, call: Call): Promise<TargetGroup> {
    const answer = await transport.send({ method: 'GET', path: groupPath(id), query: withoutMembers }, reading, call);
    if (answer.status !== 200) throw transport.failure(answer, reading);
    return toldIn(answer, id, reading);
  }

  async function create(name: string, call: Call): Promise<TargetGroup> {
    const body = { schemas: [groupSchema], displayName: name };
    const answer = await transport.send({ method: 'POST', path: 'Groups', body }, creating, call);
    if (answer.status < 200 || answer.status >= 300) throw (await endpoint.absence(answer, call)) ?? transport.failure(answer, creating);
    const located = idFrom(answer.headers['location'], 'Groups') as TargetGroupId | null;
    if (answer.json) return toldIn(answer, located, creating);
    if (located === null) throw unreadable(answer.status, creating);
    return { id: located, name };
  }

  async function rename(id: TargetGroupId, name: string, call: Call): Promise<TargetGroup> {
    const edit = renaming(name);
    const answer = await changes.conclude(await changes.ask(id, edit, changingName, call), id, edit, changingName, call);
    const told = answer.json ? toldIn(answer, id, changingName) : null;
    if (told && told.name !== name && (await read(id, call)).name !== name)
      throw new ConnectorError({ kind: 'rejected' }, 'The server accepted the new name of the group but left the old one.');
    return { id, name };
  }

  async function remove(id: TargetGroupId, call: Call): Promise<void> {
    const answer = await transport.send({ method: 'DELETE', path: groupPath(id), statusOnly: true }, deleting, call);
    if (answer.status === 500 && !(await changes.exists(id, call))) throw new ConnectorError({ kind: 'missing' }, 'The group is gone.');
    if (answer.status >= 300) throw transport.failure(answer, deleting);
    if (isPage(answer)) throw unreadable(answer.status, deleting);
  }

  return { find, read, create, rename, delete: remove, ...createMembers(changes, accounts.exists) };
}

/** The group that an answer tells of; an answer about something else is no answer. */
function toldIn(answer: Answer, id: TargetGroupId | null, purpose: Purpose): TargetGroup {
  const group = answer.json ? groupFrom(answer.json, id) : null;
  if (!group) throw unreadable(answer.status, purpose);
  return group;
}
