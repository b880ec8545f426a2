/** Requests that are not answered yet: what they stand on may be taken away when there are none. */
import type { RequestHandler, Response } from 'express';

export interface Tally {
  readonly count: RequestHandler;
  /** Resolves when all are answered, or after `ms`. */
  none(ms: number): Promise<void>;
}

export function createTally(): Tally {
  const underWay = new Set<Response>();
  let tell: (() => void) | null = null;
  return {
    count(_request, response, next) {
      underWay.add(response);
      response.once('close', () => {
        underWay.delete(response);
        if (underWay.size === 0) tell?.();
      });
      next();
    },
    none: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        tell = () => {
          clearTimeout(timer);
          resolve();
        };
        if (underWay.size === 0) tell();
      }),
  };
}
