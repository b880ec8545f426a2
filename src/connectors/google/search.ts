import type { AccountId } from '../../domain/vocabulary.ts';
import type { Json } from '../contract/answer.ts';
import { ConnectorError, type Account, type Call, type Connector } from '../contract/connector.ts';
import { unreadable } from './failures.ts';
import { entries, text } from './json.ts';
import { accountFrom, sameAddress } from './resource.ts';
import { succeeded, type Transport } from './transport.ts';

export interface Search {
  readonly find: Connector['find'];
  /** The account that has this address, also as an alias. */
  readonly holderOf: (address: string, call: Call) => Promise<Account | null>;
  /** Ids of the accounts, or of the deleted ones, that have this address. */
  readonly idsAt: (address: string, which: 'present' | 'deleted', call: Call) => Promise<readonly AccountId[]>;
}

const searching = { doing: 'searching accounts', writes: false };

/** Finds accounts by exact value: by address in the directory itself, by other ids through Google's search, whose answer is compared again. */
export function createSearch(transport: Transport, customer: string): Search {
  async function holderOf(address: string, call: Call): Promise<Account | null> {
    const answer = await transport.send(searching, call, (directory, options) =>
      directory.users.get({ userKey: address, projection: 'full' }, options),
    );
    if (answer.status === 404) return null;
    // What cannot be an address is refused, and nobody has it.
    if (answer.status === 400) return null;
    if (!succeeded(answer)) throw transport.failure(answer, searching);
    const account = answer.json ? accountFrom(answer.json) : null;
    if (!account) throw unreadable(answer.status, searching);
    return account;
  }

  async function list(query: string, which: 'present' | 'deleted', call: Call): Promise<readonly Json[]> {
    const found: Json[] = [];
    let pageToken: string | null = null;
    do {
      const page: string | null = pageToken;
      const answer = await transport.send(searching, call, (directory, options) =>
        directory.users.list(
          {
            customer,
            query,
            maxResults: 100,
            projection: 'full',
            ...(which === 'deleted' ? { showDeleted: 'true' } : {}),
            ...(page === null ? {} : { pageToken: page }),
          },
          options,
        ),
      );
      // The collection itself is always there: without it the address is wrong, or something stands in front of Google.
      if (answer.status === 404)
        throw new ConnectorError({ kind: 'transient', mayHaveApplied: false }, transport.failure(answer, searching).message);
      if (!succeeded(answer)) throw transport.failure(answer, searching);
      if (!answer.json) throw unreadable(answer.status, searching);
      found.push(...entries(answer.json, 'users'));
      pageToken = text(answer.json, 'nextPageToken');
    } while (pageToken !== null);
    return found;
  }

  return {
    holderOf,
    idsAt: async (address, which, call) => {
      const users = await list(`email=${quoted(address)}`, which, call);
      return users.flatMap((user) => (text(user, 'id') ?? []) as AccountId | readonly AccountId[]);
    },
    find: async (attribute, value, call) => {
      if (attribute === 'primaryEmail') {
        if (!/^[^\s@/]+@[^\s@/]+$/.test(value)) return [];
        const holder = await holderOf(value, call);
        // Google also answers for an alias. That account is somebody else's, whoever has the address now.
        return holder && sameAddress(String(holder.attributes['primaryEmail']), value) ? [holder] : [];
      }
      const users = await list(`externalId=${quoted(value)}`, 'present', call);
      return users.flatMap((user) => accountFrom(user) ?? []).filter((account) => account.attributes[attribute] === value);
    },
  };
}

/** A value in Google's search language. */
export function quoted(value: string): string {
  return `'${value.replace(/[\\']/g, '\\$&')}'`;
}
