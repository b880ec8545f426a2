import type { Log, LogFields } from './ports.ts';

/** The same log, with these fields in every line: who writes a line need not know for which request or attempt. */
export function logWith(log: Log, fields: LogFields): Log {
  return {
    info: (more, fact) => log.info({ ...fields, ...more }, fact),
    warn: (more, fact) => log.warn({ ...fields, ...more }, fact),
    error: (more, fact) => log.error({ ...fields, ...more }, fact),
  };
}
