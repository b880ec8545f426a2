import { connectionFailure, isObject, type Json } from '../contract/answer.ts';
import type { Call, ConnectorTools } from '../contract/connector.ts';
import { HttpError, type HttpResponse } from '../contract/http.ts';
import type { SalesforceConnection } from './client.ts';
import { failureOf, unreadable, type AttributeOf, type Purpose } from './failures.ts';
import { listOf, text } from './json.ts';
import type { Session, Sessions } from './token.ts';

/** Makes exactly one request of jsforce. */
export type Work = (connection: SalesforceConnection) => Promise<unknown>;

/** Speaks REST with one organisation: authenticates, renews the session once, and throws whatever is no success. */
export interface Rest {
  /** Resolves with what it answered, undefined where there is nothing to say. */
  run(purpose: Purpose, call: Call, work: Work): Promise<unknown>;
  /** All records of a query, page after page. */
  query(soql: string, purpose: Purpose, call: Call): Promise<readonly Json[]>;
  readonly attributeOf: AttributeOf;
  ownUserId(call: Call): Promise<string | null>;
}

/** A query of ours that fills more pages than this asks for something it should not. */
const longestQuery = 50;
const warnAbove = 0.9;

export function createRest(apiVersion: string, sessions: Sessions, attributeOf: AttributeOf, tools: ConnectorTools): Rest {
  // Told once an hour, not with every call.
  let warnedAt = -Infinity;

  async function attempt(session: Session, purpose: Purpose, call: Call, work: Work): Promise<[HttpResponse, unknown]> {
    const { withConnection } = await import('./client.ts');
    const caller = { http: tools.http, signal: call.signal };
    const { response, outcome } = await withConnection({ ...session, apiVersion }, caller, work);
    if (outcome.kind === 'answered') {
      if (!response) throw unreadable(purpose);
      return [response, outcome.result];
    }
    const { error } = outcome;
    if (error instanceof HttpError) throw connectionFailure(error, purpose);
    // What jsforce throws because of an answer is read from the answer; anything else is a defect.
    if (!response || (response.status < 400 && response.status !== 300)) throw error;
    return [response, null];
  }

  async function run(purpose: Purpose, call: Call, work: Work): Promise<unknown> {
    const session = await sessions.current(call.signal);
    let [response, result] = await attempt(session, purpose, call, work);
    if (response.status === 401) {
      sessions.forget(session);
      // A call that was refused has done nothing, so it is safe to replay, also where it writes.
      [response, result] = await attempt(await sessions.current(call.signal), purpose, call, work);
    }
    watchLimit(response, call);
    if (response.status < 200 || response.status >= 300) throw failureOf(response, purpose, attributeOf, tools.now());
    if (response.status !== 204 && !isJson(response, result)) throw unreadable(purpose);
    return result;
  }

  /** "api-usage=18/15000": said before the limit is reached, so that an administrator can do something. */
  function watchLimit({ headers }: HttpResponse, call: Call): void {
    const [, used, limit] = /api-usage=(\d+)\/(\d+)/.exec(headers['sforce-limit-info'] ?? '') ?? [];
    if (used === undefined || limit === undefined || Number(used) < Number(limit) * warnAbove) return;
    if (tools.now() - warnedAt < 3_600_000) return;
    warnedAt = tools.now();
    call.log('the API calls of the last 24 hours are nearly used up', { used: Number(used), limit: Number(limit) });
  }

  async function query(soql: string, purpose: Purpose, call: Call): Promise<readonly Json[]> {
    const records: Json[] = [];
    let path = `/query?q=${encodeURIComponent(soql)}`;
    for (let page = 0; page < longestQuery; page++) {
      const answer = await run(purpose, call, async (connection) => connection.requestGet(path));
      if (!isObject(answer) || !Array.isArray(answer['records'])) throw unreadable(purpose);
      records.push(...listOf(answer['records']));
      const next = text(answer, 'nextRecordsUrl');
      if (answer['done'] !== false || next === null || !next.startsWith('/services/data/')) return records;
      path = next;
    }
    throw unreadable(purpose);
  }

  return { run, query, attributeOf, ownUserId: async (call) => (await sessions.current(call.signal)).ownUserId };
}

/** A page of a proxy or of a sign-in form is no answer; jsforce leaves what it cannot parse as text. */
function isJson({ headers }: HttpResponse, result: unknown): boolean {
  return /^application\/json\b/i.test(headers['content-type'] ?? '') && typeof result === 'object' && result !== null;
}
