import type { AccountAttributes, AccountId } from '../../domain/vocabulary.ts';
import { isObject, type Answer, type Json, type Purpose } from '../contract/answer.ts';
import { ConnectorError, type Account, type Call } from '../contract/connector.ts';
import { afterWrite } from '../contract/after-write.ts';
import type { Features } from './discovery.ts';
import { scimTypeOf, unreadable } from './failures.ts';
import { field, text } from './json.ts';
import { patchBody, patchOperations, withoutNeedlessRemovals } from './patch.ts';
import { accountFrom, userWith } from './resource.ts';
import { userPath, type Transport } from './transport.ts';

export interface ChangeSettings {
  readonly updateMethod: 'auto' | 'patch' | 'put';
}

const reading = { doing: 'reading an account', writes: false };
const changing = { doing: 'changing an account', writes: true };

export interface Accounts {
  readonly read: (id: AccountId, call: Call) => Promise<Account>;
  /** Sets these attributes and whether it is active, leaves the rest. Throws `missing` where there is none. */
  readonly change: (id: AccountId, attributes: AccountAttributes, active: boolean, call: Call) => Promise<Account>;
  readonly exists: (id: AccountId, call: Call) => Promise<boolean>;
}

/** Reads an account and changes it, by PATCH where the server can and by reading and writing the whole of it where not. */
export function createAccounts(
  transport: Transport,
  settings: ChangeSettings,
  features: (signal: AbortSignal) => Promise<Features>,
): Accounts {
  // Learnt at this connection: the server does not know PATCH, whatever it says or does not say of itself.
  let patchUnknown = false;

  /** The whole user and its ETag. Throws `missing` where there is none. */
  async function readUser(id: AccountId, call: Call): Promise<{ readonly user: Json; readonly etag: string | null }> {
    const answer = await transport.send({ method: 'GET', path: userPath(id) }, reading, call);
    if (answer.status !== 200) throw transport.failure(answer, reading);
    if (!answer.json) throw unreadable(200, reading);
    const meta = field(answer.json, 'meta');
    return { user: answer.json, etag: answer.headers['etag'] ?? (isObject(meta) ? text(meta, 'version') : null) };
  }

  async function read(id: AccountId, call: Call): Promise<Account> {
    return accountOf((await readUser(id, call)).user, id, reading);
  }

  /** Some servers answer 500 for an account that is gone, and 404 for a method they do not have. Looking tells which it is. */
  async function exists(id: AccountId, call: Call): Promise<boolean> {
    const answer = await transport.send({ method: 'GET', path: userPath(id), statusOnly: true }, reading, call);
    if (answer.status === 404 || answer.status === 410) return false;
    if (answer.status >= 200 && answer.status < 300) return true;
    throw transport.failure(answer, changing);
  }

  async function change(id: AccountId, attributes: AccountAttributes, active: boolean, call: Call): Promise<Account> {
    const known = await features(call.signal);
    const usePut = settings.updateMethod === 'put' || (settings.updateMethod === 'auto' && (patchUnknown || known.patch === false));
    if (usePut) return replace(id, attributes, active, known, call);
    const operations = patchOperations(attributes, active);
    const sent = await patch(id, operations, call);
    const answer = await forgiven(sent, id, operations, call);
    if (answer.status >= 200 && answer.status < 300) return answered(answer, id, call);
    const foreign = [404, 405, 501].includes(answer.status);
    const there = foreign || answer.status === 410 || answer.status === 500 ? await afterWriting(exists(id, call), id) : true;
    if (!there) throw new ConnectorError({ kind: 'missing' }, 'The account is gone.');
    if (!foreign) throw transport.failure(answer, changing);
    // It is there, and PATCH is known to work: the 404 came from something in front of the server.
    if (answer.status === 404 && known.patch === true) throw passing(transport.failure(answer, changing));
    if (settings.updateMethod === 'patch') throw patchRefused(answer);
    patchUnknown = true;
    return replace(id, attributes, active, known, call);
  }

  function patch(id: AccountId, operations: ReturnType<typeof patchOperations>, call: Call): Promise<Answer> {
    return transport.send({ method: 'PATCH', path: userPath(id), body: patchBody(operations) }, changing, call);
  }

  /** A server that refuses to remove what is not there is asked again without that. */
  async function forgiven(answer: Answer, id: AccountId, operations: ReturnType<typeof patchOperations>, call: Call): Promise<Answer> {
    const complains = answer.status === 400 && ['notarget', 'invalidpath'].includes(scimTypeOf(answer) ?? '');
    if (!complains || !operations.some(({ op }) => op === 'remove')) return answer;
    const needed = withoutNeedlessRemovals(operations, (await read(id, call)).attributes);
    return needed.length === operations.length ? answer : patch(id, needed, call);
  }

  async function replace(id: AccountId, attributes: AccountAttributes, active: boolean, known: Features, call: Call): Promise<Account> {
    const { user, etag } = await readUser(id, call);
    // What others change between our look and our write is not lost where the server can compare versions.
    const headers = known.etag && etag !== null ? { 'if-match': etag } : {};
    const body = userWith(user, attributes, active);
    const answer = await transport.send({ method: 'PUT', path: userPath(id), body, headers }, changing, call);
    if (answer.status >= 200 && answer.status < 300) return answered(answer, id, call);
    if (answer.status === 500 && !(await afterWriting(exists(id, call), id)))
      throw new ConnectorError({ kind: 'missing' }, 'The account is gone.');
    throw transport.failure(answer, changing);
  }

  /** What the server says it has now; where it says nothing (204), it is asked. */
  async function answered(answer: Answer, id: AccountId, call: Call): Promise<Account> {
    if (answer.json) return accountOf(answer.json, id, changing);
    return afterWriting(read(id, call), id);
  }

  async function afterWriting<T>(looking: Promise<T>, id: AccountId): Promise<T> {
    try {
      return await looking;
    } catch (error) {
      throw afterWrite(error, { accountId: id, active: true });
    }
  }

  return { read, change, exists };
}

/** The account that an answer tells of; an answer about something else is no answer. */
export function accountOf(user: Json, id: AccountId | null, purpose: Purpose): Account {
  const account = accountFrom(user, id);
  if (!account || text(user, 'userName') === null) throw unreadable(200, purpose);
  return account;
}

function passing(error: ConnectorError): ConnectorError {
  return new ConnectorError({ kind: 'transient', mayHaveApplied: false }, error.message, { cause: error });
}

function patchRefused(answer: Answer): ConnectorError {
  return new ConnectorError({ kind: 'rejected' }, `The server answered ${String(answer.status)} to PATCH, and PUT is switched off.`);
}
