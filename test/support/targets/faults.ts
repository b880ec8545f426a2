/** The switch in front of a fake server: what goes wrong with the next requests. No protocol knows about it. */
import type { NextFunction, Request, Response } from 'express';

export const faultKinds = [
  'time-out-before-write',
  'time-out-after-write',
  'reset-before-write',
  'reset-after-write',
  'slow-body',
  '429-with-retry-after',
  '429-without-retry-after',
  '400',
  '401',
  '403',
  '404',
  '409',
  '500',
  '503',
  'garbage-body',
  'wrong-content-type',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Faults {
  /** The next `times` requests (of this method) fail in this way, when `after` of them have passed. */
  fault(kind: FaultKind, options?: { readonly times?: number; readonly method?: string; readonly after?: number }): void;
  /** Every request takes this much longer. */
  latency(milliseconds: number): void;
  /** With this probability a write is done and its answer dropped; the seed makes the choice repeatable. */
  dropAnswers(probability: number, seed?: number): void;
  clear(): void;
}

/** `errorBody` writes an error as the protocol does, in its content type; `broken` is how an answer begins that breaks off. Mount it before the body is read. */
export function createFaultSwitch(
  errorBody: (status: number) => string,
  contentType: string,
  broken: string,
): Faults & {
  readonly middleware: (req: Request, res: Response, next: NextFunction) => void;
} {
  let queue: { kind: FaultKind; left: number; method: string | null; after: number }[] = [];
  let latencyMs = 0;
  let drop: { readonly probability: number; readonly random: () => number } | null = null;

  function take(method: string): FaultKind | null {
    const entry = queue.find((one) => one.method === null || one.method === method);
    if (!entry) return null;
    if (entry.after > 0) {
      entry.after -= 1;
      return null;
    }
    entry.left -= 1;
    if (entry.left <= 0) queue = queue.filter((one) => one !== entry);
    return entry.kind;
  }

  function pass(req: Request, res: Response, next: NextFunction): void {
    const kind = take(req.method);
    if (kind !== null) apply(kind, req, res, next, { errorBody, contentType, broken });
    else if (drop && req.method !== 'GET' && drop.random() < drop.probability)
      apply('reset-after-write', req, res, next, { errorBody, contentType, broken });
    else next();
  }

  return {
    fault: (kind, options = {}) =>
      void queue.push({ kind, left: options.times ?? 1, method: options.method ?? null, after: options.after ?? 0 }),
    latency: (milliseconds) => void (latencyMs = milliseconds),
    dropAnswers: (probability, seed = 1) => void (drop = probability > 0 ? { probability, random: seededRandom(seed) } : null),
    clear: () => {
      queue = [];
      latencyMs = 0;
      drop = null;
    },
    middleware: (req, res, next) => {
      if (latencyMs > 0) setTimeout(() => pass(req, res, next), latencyMs);
      else pass(req, res, next);
    },
  };
}

interface Protocol {
  readonly errorBody: (status: number) => string;
  readonly contentType: string;
  readonly broken: string;
}

function apply(kind: FaultKind, req: Request, res: Response, next: NextFunction, { errorBody, contentType, broken }: Protocol): void {
  const answer = (status: number, headers: Record<string, string> = {}): void => {
    res.writeHead(status, { 'content-type': contentType, ...headers }).end(errorBody(status));
  };
  switch (kind) {
    case 'time-out-before-write':
      break;
    case 'reset-before-write':
      req.socket.destroy();
      break;
    case '429-with-retry-after':
      answer(429, { 'retry-after': '7' });
      break;
    case '429-without-retry-after':
      answer(429);
      break;
    case '400':
    case '401':
    case '403':
    case '404':
    case '409':
    case '500':
    case '503':
      answer(Number(kind));
      break;
    case 'time-out-after-write':
    case 'reset-after-write':
    case 'slow-body':
    case 'garbage-body':
    case 'wrong-content-type':
      spoilAnswer(kind, req, res, contentType, broken);
      next();
  }
}

/** Lets the server do its work and, when it answers, does something else instead. */
function spoilAnswer(kind: FaultKind, req: Request, res: Response, jsonType: string, broken: string): void {
  const end = res.end.bind(res);
  const head = (contentType: string, length?: number): void => {
    for (const name of res.getHeaderNames()) res.removeHeader(name);
    // A 204 has no body to spoil, so it becomes a 200.
    const status = res.statusCode === 204 ? 200 : res.statusCode;
    res.writeHead(status, { 'content-type': contentType, ...(length === undefined ? {} : { 'content-length': length }) });
  };
  res.end = ((): Response => {
    if (kind === 'reset-after-write') req.socket.destroy();
    if (kind === 'slow-body') {
      head(jsonType, 1_000);
      res.write(broken);
    }
    if (kind === 'garbage-body') {
      head(jsonType);
      end(broken);
    }
    if (kind === 'wrong-content-type') {
      head('text/html');
      end('<html><body>Please sign in</body></html>');
    }
    return res;
  }) as Response['end'];
}

/** mulberry32: small, and the same everywhere. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
