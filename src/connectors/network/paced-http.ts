import { HttpError, type HttpClient } from '../contract/http.ts';

/** Below the quota by so much, because the target's minute is not ours. */
const share = 0.98;
/** After a rest so much of a minute's quota may leave at once, which also makes up for timers that come late. Both together stay below it. */
const burstShare = 0.016;

/**
 * The same client, for a target that takes only so many calls a minute: whoever comes too early waits in line, for as long as their signal
 * lasts. A call counts when it leaves, so what an operation costs is what it asks, and one that is ended while it waits costs nothing.
 */
export function pacedHttp(http: HttpClient, callsPerMinute: number, now: () => number): HttpClient {
  const intervalMs = 60_000 / (callsPerMinute * share);
  const restMs = Math.floor(callsPerMinute * burstShare) * intervalMs;
  const line = new Set<() => void>();
  /** When the next call may leave. */
  let dueAt = -Infinity;
  let timer: NodeJS.Timeout | null = null;

  /** `time`: at least so late is it, also where the clock stands still. */
  function release(time: number): void {
    dueAt = Math.max(dueAt, time - restMs);
    for (const leave of line) {
      if (dueAt > time) break;
      dueAt += intervalMs;
      line.delete(leave);
      leave();
    }
    if (line.size === 0 || timer) return;
    const next = dueAt;
    timer = setTimeout(
      () => {
        timer = null;
        release(Math.max(now(), next));
      },
      Math.max(1, next - time),
    );
  }

  function turn(signal: AbortSignal): Promise<void> {
    const ended = (): HttpError =>
      new HttpError('aborted', false, "The call was ended while it waited for its turn within the target's quota.");
    if (signal.aborted) return Promise.reject(ended());
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const onAbort = (): void => {
        line.delete(leave);
        reject(ended());
      };
      signal.addEventListener('abort', onAbort, { once: true });
      line.add(leave);
      release(now());
    });
  }

  return {
    request: async (request) => {
      await turn(request.signal);
      return http.request(request);
    },
  };
}
