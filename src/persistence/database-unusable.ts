/** Why a PostgreSQL server cannot be used at all, in a sentence with its host and port and never its password. */
import pg from 'pg';
import { sqlState } from './session.ts';

/** Whoever starts Usher can mend that: a sentence is enough. */
export class DatabaseUnusable extends Error {
  constructor(url: string, reason: string, cause: unknown) {
    const { host, port } = new pg.Client({ connectionString: url });
    super(`The database of DATABASE_URL at ${host}:${port} ${reason}.`, { cause });
    this.name = 'DatabaseUnusable';
  }
}

/** The error itself where it tells of something else than the server. */
export function whyUnusable(url: string, error: unknown): unknown {
  const reason = reasonOf(url, error);
  return reason === null ? error : new DatabaseUnusable(url, reason, error);
}

function reasonOf(url: string, error: unknown): string | null {
  const state = sqlState(error);
  const words = error instanceof Error ? error.message : '';
  switch (state) {
    case 'ECONNREFUSED':
      return 'refuses connections: nothing listens there';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'cannot be found: its name does not resolve';
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ENOENT':
    case 'EACCES':
      return `cannot be reached (${state})`;
    case '28P01':
    case '28000':
      return 'refuses the user name or the password';
    case '3D000':
      return `has no database named "${new pg.Client({ connectionString: url }).database ?? ''}"`;
    case '42501':
      return 'does not let this user make tables';
    case '53300':
      return 'has too many connections already';
    case '57P03':
      return 'is starting or stopping: try again in a moment';
    case null:
    default:
  }
  if (/timeout expired|connection timeout/i.test(words)) return 'does not answer';
  return /SSL|certificate/i.test(words) ? `cannot be reached over TLS as DATABASE_URL asks: ${words}` : null;
}
