/**
 * Parts of the web that are loaded after the start, or by the first request that comes before: more than half of all modules are theirs,
 * and whoever waits at the door waits for the rest alone (docs/decisions/0013-a-quick-start.md).
 */
import type { RequestHandler } from 'express';

export interface Part<T> {
  /** Loads it, once. A failure is told to whoever asked, and the next one tries again. */
  open(): Promise<T>;
  /** What was opened or is being opened; null: nobody has asked yet, or it failed. */
  opened(): Promise<T | null>;
}

export function partOf<T>(load: () => Promise<T>): Part<T> {
  let part: Promise<T> | null = null;
  return {
    open() {
      part ??= load().catch((error: unknown) => {
        part = null;
        throw error;
      });
      return part;
    },
    opened: async () => (await part?.catch(() => null)) ?? null,
  };
}

/** Requests that come before it is loaded wait for it. */
export function handledBy<T>(part: Part<T>, handler: (opened: T) => RequestHandler): RequestHandler {
  return async (request, response, next) => {
    await handler(await part.open())(request, response, next);
  };
}
