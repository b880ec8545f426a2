import { isObject, type Answer, type Json } from '../contract/answer.ts';
import { ConnectorError, type Call } from '../contract/connector.ts';
import type { Features } from './discovery.ts';
import { isScimError, unreadable } from './failures.ts';
import { field } from './json.ts';
import type { Transport } from './transport.ts';

export interface SearchSettings {
  readonly filterUse: 'auto' | 'filter' | 'list';
  /** A server with more accounts, or groups, than this is not listed. */
  readonly listingLimit: number;
}

/** A kind of resource and how it is listed. */
export interface Collection<T> {
  readonly path: 'Users' | 'Groups';
  /** For messages: "accounts". */
  readonly plural: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly read: (resource: Json) => T | null;
}

export interface Question<T> {
  /** Asked one after another until one is answered with somebody. */
  readonly filters: readonly string[];
  readonly matches: (one: T) => boolean;
  /** The filter holds what has to be escaped: that it is refused says nothing about other filters. */
  readonly awkward: boolean;
  /** An empty answer is not to be believed. */
  readonly doubtful: boolean;
  /** Every server that filters at all filters by this; one that refuses it is not asked again. */
  readonly ordinary: boolean;
  /** The account attribute to name where the filter is refused; null where it is about no account. */
  readonly attribute: string | null;
}

export type Listing<T> = (question: Question<T>, call: Call) => Promise<readonly T[]>;

const pageSize = 100;

/**
 * Finds resources by exact value. A filter where the server understands it, otherwise its whole list where that is small; and an
 * empty answer to a filter is believed only where there is reason to.
 */
export function createListing<T extends { readonly id: string }>(
  collection: Collection<T>,
  transport: Transport,
  settings: SearchSettings,
  features: (signal: AbortSignal) => Promise<Features>,
): Listing<T> {
  const purpose = { doing: `searching ${collection.plural}`, writes: false };
  // Learnt at this connection: the server refuses filters altogether.
  let filtersRefused = false;

  async function find(question: Question<T>, call: Call): Promise<readonly T[]> {
    const list = (): Promise<readonly T[]> => walk(null, question.matches, call);
    const known = await features(call.signal);
    if (settings.filterUse === 'list') return list();
    if (settings.filterUse === 'auto' && (filtersRefused || known.filter === false)) return list();
    for (const filter of question.filters) {
      const outcome = await walk(filter, question.matches, call).catch((error: unknown) => refused(error, question.awkward));
      if (outcome === 'refused') {
        if (settings.filterUse === 'filter')
          throw new ConnectorError(
            { kind: 'rejected', ...(question.attribute === null ? {} : { attribute: question.attribute }) },
            'The server refuses the filter.',
          );
        if (known.filter !== true && question.ordinary && !question.awkward) filtersRefused = true;
        return list();
      }
      if (outcome.length > 0) return outcome;
    }
    return question.doubtful && settings.filterUse === 'auto' ? list() : [];
  }

  /** Page after page until one brings nothing new. totalResults is not trusted: some servers count only the page in it. */
  async function walk(filter: string | null, matches: (one: T) => boolean, call: Call): Promise<readonly T[]> {
    const seen = new Set<string>();
    const found: T[] = [];
    for (let startIndex = 1; ;) {
      const resources = await page(filter, startIndex, call);
      const fresh = resources.filter((one) => !seen.has(one.id));
      for (const one of fresh) seen.add(one.id);
      const matching = fresh.filter(matches);
      found.push(...matching);
      // A filter that lets others through is ignored by the server, and the one looked for may be on a later page.
      if (fresh.length === 0 || (filter !== null && matching.length === fresh.length)) return found;
      if (seen.size > settings.listingLimit) throw tooMany(settings.listingLimit, collection.plural);
      startIndex += resources.length;
    }
  }

  async function page(filter: string | null, startIndex: number, call: Call): Promise<readonly T[]> {
    const paging = { startIndex: String(startIndex), count: String(pageSize) };
    const which = filter === null ? paging : startIndex === 1 ? { filter } : { filter, ...paging };
    const query = { ...collection.query, ...which };
    const answer = await transport.send({ method: 'GET', path: collection.path, query }, purpose, call);
    if (answer.status === 200) return resourcesIn(answer.json, startIndex > 1).flatMap((resource) => collection.read(resource) ?? []);
    // Some servers say in this way that nothing matches. Without SCIM's own error it is rather a wrong address.
    if (answer.status === 404 && isScimError(answer) && filter !== null) return [];
    throw new Refusal(answer, transport.failure(answer, purpose));
  }

  function resourcesIn(list: Json | null, isLaterPage: boolean): readonly Json[] {
    const resources = list ? field(list, 'Resources') : null;
    if (Array.isArray(resources)) return resources.filter(isObject);
    // Some leave the empty list out, also behind the last page.
    if (list && (isLaterPage || Number(field(list, 'totalResults')) === 0)) return [];
    throw unreadable(200, purpose);
  }

  return find;
}

/** The collection itself is always there: if it is `missing`, the address is wrong or the server is being changed. */
export class Refusal extends ConnectorError {
  readonly answer: Answer;
  constructor(answer: Answer, cause: Error) {
    const failure = cause instanceof ConnectorError ? cause.failure : null;
    const kept = failure === null || failure.kind === 'missing' || failure.kind === 'conflict';
    super(kept ? { kind: 'transient', mayHaveApplied: false } : failure, cause.message, { cause });
    this.answer = answer;
  }
}

/** Whether the server's way of failing means that it cannot read the filter; everything else stays a failure. */
function refused(error: unknown, awkward: boolean): 'refused' {
  if (!(error instanceof Refusal)) throw error;
  const { status } = error.answer;
  if (status === 400 || status === 501 || (status === 500 && awkward)) return 'refused';
  throw error;
}

function tooMany(limit: number, plural: string): ConnectorError {
  return new ConnectorError(
    { kind: 'rejected' },
    `The server cannot be searched by filter, and it has more than ${String(limit)} ${plural}, which is the limit for listing them all.`,
  );
}
