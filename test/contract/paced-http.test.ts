import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HttpRequest } from '../../src/connectors/contract/http.ts';
import { pacedHttp } from '../../src/connectors/network/paced-http.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function begin(callsPerMinute: number, now: () => number = Date.now) {
  const left: number[] = [];
  const http = pacedHttp(
    {
      request: async () => {
        left.push(Date.now());
        return { status: 200, headers: {}, body: '' };
      },
    },
    callsPerMinute,
    now,
  );
  const request = (signal: AbortSignal = new AbortController().signal): Promise<unknown> =>
    http.request({ method: 'GET', url: 'https://target.example', signal } satisfies HttpRequest);
  return { left, request };
}

describe('calls to a target with a quota', () => {
  it('leave in order and stay just below it in every minute', async () => {
    const { left, request } = begin(600);
    const began = Date.now();
    const all = Promise.all(Array.from({ length: 1_500 }, () => request()));
    await vi.advanceTimersByTimeAsync(180_000);
    await all;
    const perMinute = [0, 1, 2].map((minute) => left.filter((at) => Math.floor((at - began) / 60_000) === minute).length);
    expect(perMinute[0]).toBeLessThanOrEqual(600);
    expect(perMinute[0]).toBeGreaterThanOrEqual(585);
    expect(perMinute[1]).toBeGreaterThanOrEqual(585);
    for (const from of left) expect(left.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(600);
  });

  it('leave at once where there are few', async () => {
    const { left, request } = begin(600);
    await Promise.all([request(), request(), request()]);
    expect(left).toHaveLength(3);
  });

  it('that are ended while they wait are not sent, cost nothing, and say so', async () => {
    const { left, request } = begin(60);
    await request();
    const ending = new AbortController();
    const ended = Array.from({ length: 500 }, () => request(ending.signal).catch((error: unknown) => error));
    const waits = request();
    ending.abort();
    expect(await Promise.race(ended)).toMatchObject({ reason: 'aborted', mayHaveApplied: false });
    await vi.advanceTimersByTimeAsync(3_000);
    await waits;
    expect(left).toHaveLength(2);
  });

  it('get their turn also where the clock stands still', async () => {
    const { left, request } = begin(60, () => 0);
    const all = Promise.all(Array.from({ length: 4 }, () => request()));
    await vi.advanceTimersByTimeAsync(10_000);
    await all;
    expect(left).toHaveLength(4);
  });
});
