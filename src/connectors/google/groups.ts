import type { TargetGroupId } from '../../domain/vocabulary.ts';
import type { Answer, Json, Purpose } from '../contract/answer.ts';
import { ConnectorError, type Call, type GroupCalls, type TargetGroup } from '../contract/connector.ts';
import { unreadable } from './failures.ts';
import { addressesFor } from './group-address.ts';
import { entries, text } from './json.ts';
import { memberCalls } from './members.ts';
import { sameAddress } from './resource.ts';
import { quoted } from './search.ts';
import { succeeded, type Transport } from './transport.ts';

const searching = { doing: 'searching groups', writes: false };
const reading = { doing: 'reading a group', writes: false };
const creating = { doing: 'creating a group', writes: true };
const renaming = { doing: 'renaming a group', writes: true };
const deleting = { doing: 'deleting a group', writes: true };

export interface GroupSettings {
  readonly customer: string;
  /** Domain of the addresses of groups; null: this connector was set up without groups. */
  readonly groupDomain: string | null;
}

/** A group of ours is a Google group of the same name. Its address follows from the name, because Google wants one and people see it. */
export function createGroups(transport: Transport, settings: GroupSettings): GroupCalls {
  return settings.groupDomain === null ? withoutGroups : callsIn(transport, settings.customer, settings.groupDomain);
}

interface Read {
  readonly group: TargetGroup;
  readonly address: string;
}

function callsIn(transport: Transport, customer: string, domain: string): GroupCalls {
  function understood(resource: Json | null, purpose: Purpose): Read {
    const [id, address] = resource ? [text(resource, 'id'), text(resource, 'email')] : [null, null];
    if (!resource || id === null || address === null) throw unreadable(200, purpose);
    return { group: { id: id as TargetGroupId, name: text(resource, 'name') ?? '' }, address };
  }

  /** What an answer about one group says, where it is no success. Whether Google only does not show it yet, the house decides. */
  function refusal(answer: Answer, purpose: Purpose): ConnectorError {
    const error = transport.failure(answer, purpose);
    return answer.status === 404 ? new ConnectorError({ kind: 'missing' }, 'Google has no such group.', { saidOfNew: true }) : error;
  }

  async function get(groupKey: string, call: Call): Promise<Answer> {
    return transport.send(reading, call, (directory, options) => directory.groups.get({ groupKey }, options));
  }

  async function readWhole(id: TargetGroupId, call: Call): Promise<Read> {
    const answer = await get(id, call);
    if (!succeeded(answer)) throw refusal(answer, reading);
    return understood(answer.json, reading);
  }

  /** The group that has this address; null where none has. */
  async function at(address: string, call: Call): Promise<Read | null> {
    const answer = await get(address, call);
    // A user's address, or none at all.
    if (answer.status === 404 || answer.status === 400) return null;
    if (!succeeded(answer)) throw transport.failure(answer, searching);
    return understood(answer.json, searching);
  }

  async function isPersons(address: string, call: Call): Promise<boolean> {
    const answer = await transport.send(searching, call, (directory, options) => directory.users.get({ userKey: address }, options));
    if (succeeded(answer)) return true;
    if (answer.status === 404 || answer.status === 400) return false;
    throw transport.failure(answer, searching);
  }

  /** By its address, which Google knows at once, and by Google's search for those that got another one. */
  const find: GroupCalls['find'] = async (name, call) => {
    const found = new Map<TargetGroupId, TargetGroup>();
    const note = ({ group }: Read): void => {
      if (group.name === name) found.set(group.id, group);
    };
    for (const address of addressesFor(name, domain)) {
      const read = await at(address, call);
      // The first may be a person's, or not show yet.
      if (read) note(read);
    }
    let pageToken: string | null = null;
    do {
      const page: string | null = pageToken;
      const answer = await transport.send(searching, call, (directory, options) =>
        directory.groups.list(
          { customer, query: `name=${quoted(name)}`, maxResults: 200, ...(page === null ? {} : { pageToken: page }) },
          options,
        ),
      );
      // The collection itself is always there: without it the address is wrong, or something stands in front of Google.
      if (answer.status === 404)
        throw new ConnectorError({ kind: 'transient', mayHaveApplied: false }, transport.failure(answer, searching).message);
      // Google's search takes no such text, so it cannot show a group of this name either.
      if (answer.status === 400) break;
      if (!succeeded(answer)) throw transport.failure(answer, searching);
      if (!answer.json) throw unreadable(answer.status, searching);
      for (const group of entries(answer.json, 'groups')) note(understood(group, searching));
      pageToken = text(answer.json, 'nextPageToken');
    } while (pageToken !== null);
    return [...found.values()];
  };

  const create: GroupCalls['create'] = async (name, call) => {
    for (const email of addressesFor(name, domain)) {
      const answer = await transport.send(creating, call, (directory, options) =>
        directory.groups.insert({ requestBody: { email, name } }, options),
      );
      if (succeeded(answer)) {
        return { id: understood(answer.json, creating).group.id, name };
      }
      const error = transport.failure(answer, creating);
      if (error.failure.kind === 'missing') throw new ConnectorError({ kind: 'transient', mayHaveApplied: false }, error.message);
      if (error.failure.kind !== 'conflict') throw error;
      // The address is that of a group of this name, or of something else that happens to have it.
      const holder = await at(email, call);
      if (holder?.group.name === name) throw error;
      // Taken, and by nothing that shows, or shows without a name yet: a group that Google has just made. Another address would make another one.
      if (holder ? holder.group.name === '' : !(await isPersons(email, call)))
        throw new ConnectorError(
          { kind: 'transient', mayHaveApplied: false },
          'Google says that the address of the group is taken, and does not show by whom. It may be a group that was made a moment ago.',
          { saidOfNew: true },
        );
    }
    throw new ConnectorError({ kind: 'conflict' }, 'The addresses that a group of this name could have are taken.');
  };

  const rename: GroupCalls['rename'] = async (id, name, call) => {
    const { group, address } = await readWhole(id, call);
    if (group.name === name) return group;
    // Which address follows from a name that does not show yet, nobody can tell.
    if (group.name === '')
      throw new ConnectorError({ kind: 'transient', mayHaveApplied: false }, 'Google does not show yet what the group is called.', {
        saidOfNew: true,
      });
    // An address that somebody chose stays.
    const isOurs = addressesFor(group.name, domain).some((one) => sameAddress(one, address));
    const [email] = addressesFor(name, domain);
    const follows = isOurs && !sameAddress(email, address);
    const write = (requestBody: { name: string; email?: string }): Promise<Answer> =>
      transport.send(renaming, call, (directory, options) => directory.groups.patch({ groupKey: id, requestBody }, options));
    const answer = await write(follows ? { name, email } : { name });
    const isTaken = follows && answer.status === 409 && transport.failure(answer, renaming).failure.kind === 'conflict';
    const last = isTaken ? await write({ name }) : answer;
    if (!succeeded(last)) throw refusal(last, renaming);
    return { id: understood(last.json, renaming).group.id, name };
  };

  const remove: GroupCalls['delete'] = async (id, call) => {
    const answer = await transport.send(deleting, call, (directory, options) => directory.groups.delete({ groupKey: id }, options), {
      statusOnly: true,
    });
    if (!succeeded(answer)) throw refusal(answer, deleting);
  };

  return {
    find,
    read: async (id, call) => (await readWhole(id, call)).group,
    create,
    rename,
    delete: remove,
    ...memberCalls({ transport, refusal }),
  };
}

function off(): Promise<never> {
  return Promise.reject(new ConnectorError({ kind: 'rejected' }, 'This connector was set up without groups: switch them on in its form.'));
}

const withoutGroups: GroupCalls = { find: off, read: off, create: off, rename: off, delete: off, add: off, remove: off };
