/**
 * Statements that are planned once and run often. Planning costs more than running for the larger ones: the sign-in's view took 18 ms
 * planned and run and 1.1 ms run on PGlite, 2 to 5 ms and 0.2 ms on PostgreSQL (two busy cores). Lookups without an index are made dear,
 * so that a plan from the day when a table was empty is still right when it has grown.
 */
import { createHash } from 'node:crypto';
import type { Row } from './session.ts';

/** Statements are built from few pieces; a bound all the same, for each is kept on every connection. */
const most = 500;
export const plannerSettings = ['set enable_seqscan = off', 'set jit = off'];

/** The name under which node-postgres prepares a text on each connection; undefined where there are too many already. */
export function statementNames(): (text: string) => string | undefined {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || names.size >= most) return known;
    const name = `usher_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
    names.set(text, name);
    return name;
  };
}

type Run = (text: string, parameters?: unknown[]) => Promise<Row[]>;

/**
 * PGlite prepares nothing by itself, but its one connection keeps what PREPARE makes. A text is prepared when it comes a second time.
 * Two that prepare the same one at the same time make two names, of which one is used from then on; waiting for each other they could
 * hang, for one may be inside the transaction that the other one waits for.
 */
export function embeddedStatements(): (run: Run, text: string, parameters: readonly unknown[]) => Promise<Row[]> {
  const names = new Map<string, string | null>();
  let made = 0;
  return async (run, text, parameters) => {
    let name = names.get(text);
    if (name === undefined) {
      if (names.size < most && /^\s*(select|with|insert|update|delete)\s/.test(text)) names.set(text, null);
      return run(text, [...parameters]);
    }
    if (name === null) {
      name = `usher_${++made}`;
      await run(`prepare ${name} as ${text}`);
      names.set(text, name);
    }
    return run(`execute ${name}${parameters.length === 0 ? '' : `(${parameters.map(literal).join(', ')})`}`);
  };
}

/** EXECUTE takes no parameters of the protocol, only literals. PostgreSQL reads a quoted one as the type that the statement wants. */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return `'${plain(value).replaceAll("'", "''")}'`;
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `{${value.map((item) => `"${plain(item).replace(/[\\"]/g, '\\$&')}"`).join(',')}}`;
  throw new Error(`A parameter of type ${typeof value} is no literal.`);
}
