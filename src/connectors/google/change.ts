import type { AccountAttributes, AccountId } from '../../domain/vocabulary.ts';
import type { Answer, Json, Purpose } from '../contract/answer.ts';
import { ConnectorError, type Account, type Call, type Connector } from '../contract/connector.ts';
import { afterWrite } from '../contract/after-write.ts';
import { keepAliases } from './aliases.ts';
import { unreadable } from './failures.ts';
import { goneOrNotYet } from './gone.ts';
import { text } from './json.ts';
import { accountFrom, changeOf, holdsAll, needsPresent, type Change } from './resource.ts';
import { aboutAdministrators, aboutDomain } from './refusals.ts';
import type { Search } from './search.ts';
import { succeeded, type Transport } from './transport.ts';

const reading = { doing: 'reading an account', writes: false };
const changing = { doing: 'changing an account', writes: true };
const suspending = { doing: 'suspending an account', writes: true };

export interface ChangeParts {
  readonly transport: Transport;
  readonly search: Search;
  /** Domain that the form says is Google's. */
  readonly domain: string;
}

/** Reads, changes and suspends accounts that Google has. */
export function createChanges(parts: ChangeParts): Required<Pick<Connector, 'read' | 'update' | 'deactivate'>> {
  const { transport, search } = parts;

  async function readUser(id: AccountId, lastAddress: string | null, call: Call): Promise<Json> {
    const answer = await transport.send(reading, call, (directory, options) =>
      directory.users.get({ userKey: id, projection: 'full' }, options),
    );
    if (answer.status === 404) throw await goneOrNotYet(id, lastAddress, search, call);
    if (!succeeded(answer)) throw transport.failure(answer, reading);
    if (!answer.json) throw unreadable(answer.status, reading);
    return answer.json;
  }

  async function read(id: AccountId, call: Call): Promise<Account> {
    return understood(await readUser(id, null, call), reading);
  }

  /** Sets what is in the body and leaves the rest. */
  function write(id: AccountId, change: Change, etag: string | null, purpose: Purpose, call: Call): Promise<Answer> {
    const headers = etag === null ? {} : { 'if-match': etag };
    const request = { userKey: id, requestBody: change.body };
    return transport.send(
      purpose,
      call,
      (directory, options) => (change.clears ? directory.users.update(request, options) : directory.users.patch(request, options)),
      { headers },
    );
  }

  const update: Connector['update'] = async (id, attributes, call, applied = {}) => {
    const lastAddress = typeof applied['primaryEmail'] === 'string' ? applied['primaryEmail'] : null;
    // Lists that others use as well are written whole: what they put there is kept, and the ETag tells if they do it right now.
    const present = needsPresent(attributes) ? await readUser(id, lastAddress, call) : null;
    const change = changeOf(attributes, present ?? {}, applied);
    const answer = await write(
      id,
      { ...change, body: { ...change.body, suspended: false } },
      present && text(present, 'etag'),
      changing,
      call,
    );
    const account = await changed(id, answer, attributes, lastAddress, call);
    if (attributes['aliases'] === undefined) return account;
    const aliases = {
      wanted: attributes['aliases'],
      present: account.attributes['aliases'] ?? null,
      applied: applied['aliases'] ?? null,
    };
    try {
      return (await keepAliases(transport, id, aliases, call)) ? await read(id, call) : account;
    } catch (error) {
      throw afterWrite(error, { accountId: id, active: true });
    }
  };

  async function changed(
    id: AccountId,
    answer: Answer,
    attributes: AccountAttributes,
    lastAddress: string | null,
    call: Call,
  ): Promise<Account> {
    if (succeeded(answer)) {
      if (!answer.json) throw unreadable(answer.status, changing);
      return understood(answer.json, changing);
    }
    if (answer.status === 404) throw await goneOrNotYet(id, lastAddress, search, call);
    const error = transport.failure(answer, changing);
    if (error.failure.kind === 'conflict') {
      // Google has answered 409 to renames that it had carried out.
      const account = await read(id, call).catch((unseen: unknown) => {
        throw afterWrite(unseen, { accountId: id, active: true });
      });
      if (account.active && holdsAll(account, attributes)) return account;
      if (attributes['primaryEmail'] !== undefined)
        throw new ConnectorError({ kind: 'conflict', attribute: 'primaryEmail' }, error.message, { cause: error });
    }
    throw await aboutAdministrators(aboutDomain(error, answer, attributes['primaryEmail'], parts.domain), answer, id, read, call);
  }

  const deactivate: NonNullable<Connector['deactivate']> = async (id, call) => {
    const answer = await write(id, { body: { suspended: true }, clears: false }, null, suspending, call);
    if (answer.status === 404) throw await goneOrNotYet(id, null, search, call);
    if (!succeeded(answer)) throw await aboutAdministrators(perhapsDone(transport.failure(answer, suspending)), answer, id, read, call);
    // Access that was not ended must not count as ended.
    if (!answer.json) throw unreadable(answer.status, suspending);
    if (understood(answer.json, suspending).active)
      throw new ConnectorError({ kind: 'rejected' }, 'Google accepted the change but left the account active.');
  };

  return { read, update, deactivate };
}

/** A suspension claims no name that another could have: Google has answered 409 to changes that it had carried out. */
function perhapsDone(error: ConnectorError): ConnectorError {
  if (error.failure.kind !== 'conflict') return error;
  return new ConnectorError({ kind: 'transient', mayHaveApplied: true }, error.message, { cause: error });
}

export function understood(user: Json, purpose: Purpose): Account {
  const account = accountFrom(user);
  if (!account) throw unreadable(200, purpose);
  return account;
}
