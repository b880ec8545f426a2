import { ConnectorError, type Account, type Call, type Connector } from '../contract/connector.ts';
import type { Features } from './discovery.ts';
import { isScimError, unreadable, type Answer } from './failures.ts';
import { equals, holds, isAwkward } from './filter.ts';
import { field, isObject, type Json } from './json.ts';
import { accountFrom } from './resource.ts';
import type { Transport } from './transport.ts';

export interface SearchSettings {
  readonly filterUse: 'auto' | 'filter' | 'list';
  /** A server with more accounts than this is not listed. */
  readonly listingLimit: number;
}

const purpose = { doing: 'searching accounts', writes: false };
const pageSize = 100;

export interface Search {
  readonly find: Connector['find'];
  /** The server says that this name is taken: an empty answer for it must not be believed at the next look. */
  readonly doubt: (userName: string) => void;
}

/**
 * Finds accounts by exact value. A filter where the server understands it, otherwise its whole list where that is small; and an
 * empty answer to a filter is believed only where there is reason to.
 */
export function createSearch(transport: Transport, settings: SearchSettings, features: (signal: AbortSignal) => Promise<Features>): Search {
  // Learnt at this connection: the server refuses filters altogether.
  let filtersRefused = false;
  // Names that a create found taken. A filter that compares by case does not show an account that differs from us in case only.
  const doubted = new Set<string>();

  async function find(attribute: string, value: string, call: Call): Promise<readonly Account[]> {
    const matches = (account: Account): boolean => holds(account, attribute, value);
    const list = (): Promise<readonly Account[]> => walk(null, matches, call);
    const known = await features(call.signal);
    if (settings.filterUse === 'list') return list();
    if (settings.filterUse === 'auto' && (filtersRefused || known.filter === false)) return list();

    // Some servers compare userName by case although the schema says otherwise; many store it in lower case.
    const lower = value.toLowerCase();
    const spellings = attribute !== 'externalId' && lower !== value ? [value, lower] : [value];
    for (const spelling of spellings) {
      const outcome = await walk(equals(attribute, spelling), matches, call).catch((error: unknown) => refused(error, value));
      if (outcome === 'refused') {
        if (settings.filterUse === 'filter') throw new ConnectorError({ kind: 'rejected', attribute }, 'The server refuses the filter.');
        if (known.filter !== true && attribute === 'userName' && !isAwkward(value)) filtersRefused = true;
        return list();
      }
      if (outcome.length > 0) return outcome;
    }
    const doubtful = isAwkward(value) || (attribute === 'userName' ? doubted.delete(lower) : known.filter !== true);
    return doubtful && settings.filterUse === 'auto' ? list() : [];
  }

  function doubt(userName: string): void {
    if (doubted.size >= 1_000) doubted.clear();
    doubted.add(userName.toLowerCase());
  }

  /** Page after page until one brings nothing new. totalResults is not trusted: some servers count only the page in it. */
  async function walk(filter: string | null, matches: (account: Account) => boolean, call: Call): Promise<readonly Account[]> {
    const seen = new Set<string>();
    const found: Account[] = [];
    for (let startIndex = 1; ;) {
      const accounts = await page(filter, startIndex, call);
      const fresh = accounts.filter((account) => !seen.has(account.id));
      for (const account of fresh) seen.add(account.id);
      const matching = fresh.filter(matches);
      found.push(...matching);
      // A filter that lets others through is ignored by the server, and the account may be on a later page.
      if (fresh.length === 0 || (filter !== null && matching.length === fresh.length)) return found;
      if (seen.size > settings.listingLimit) throw tooMany(settings.listingLimit);
      startIndex += accounts.length;
    }
  }

  async function page(filter: string | null, startIndex: number, call: Call): Promise<readonly Account[]> {
    const paging = { startIndex: String(startIndex), count: String(pageSize) };
    const query = filter === null ? paging : startIndex === 1 ? { filter } : { filter, ...paging };
    const answer = await transport.send({ method: 'GET', path: 'Users', query }, purpose, call);
    if (answer.status === 200) return usersIn(answer.json, startIndex > 1).flatMap((user) => accountFrom(user) ?? []);
    // Some servers say in this way that nothing matches. Without SCIM's own error it is rather a wrong address.
    if (answer.status === 404 && isScimError(answer) && filter !== null) return [];
    throw new Refusal(answer, transport.failure(answer, purpose));
  }

  return { find, doubt };
}

/** Whether the server's way of failing means that it cannot read the filter; everything else stays a failure. */
function refused(error: unknown, value: string): 'refused' {
  if (!(error instanceof Refusal)) throw error;
  const { status } = error.answer;
  if (status === 400 || status === 501 || (status === 500 && isAwkward(value))) return 'refused';
  throw error;
}

/** The collection itself is always there: if it is `missing`, the address is wrong or the server is being changed. */
class Refusal extends ConnectorError {
  readonly answer: Answer;
  constructor(answer: Answer, cause: Error) {
    const failure = cause instanceof ConnectorError ? cause.failure : null;
    const kept = failure === null || failure.kind === 'missing' || failure.kind === 'conflict';
    super(kept ? { kind: 'transient', mayHaveApplied: false } : failure, cause.message, { cause });
    this.answer = answer;
  }
}

function usersIn(list: Json | null, isLaterPage: boolean): readonly Json[] {
  const resources = list ? field(list, 'Resources') : null;
  if (Array.isArray(resources)) return resources.filter(isObject);
  // Some leave the empty list out, also behind the last page.
  if (list && (isLaterPage || Number(field(list, 'totalResults')) === 0)) return [];
  throw unreadable(200, purpose);
}

function tooMany(limit: number): ConnectorError {
  return new ConnectorError(
    { kind: 'rejected' },
    `The server cannot be searched by filter, and it has more than ${String(limit)} accounts, which is the limit for listing them all.`,
  );
}
