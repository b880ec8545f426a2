import { HttpError } from './http.ts';

/**
 * One piece of work for everybody who asks while it runs. It has a time limit of its own, so that the one whose call ends first
 * does not take it away from the others; and everybody waits only as long as their own call may last.
 */
export function oneFlight<T>(work: (signal: AbortSignal) => Promise<T>, limitMs: number): (signal: AbortSignal) => Promise<T> {
  let flight: Promise<T> | null = null;
  return (signal) => {
    flight ??= work(AbortSignal.timeout(limitMs)).finally(() => (flight = null));
    return untilAborted(flight, signal);
  };
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(new HttpError('aborted', false, 'The server did not answer in time.'));
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
