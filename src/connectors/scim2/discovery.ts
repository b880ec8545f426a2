import { connectionFailure, isObject, type Json } from '../contract/answer.ts';
import { HttpError } from '../contract/http.ts';
import { oneFlight } from '../contract/one-flight.ts';
import { field } from './json.ts';
import type { Transport } from './transport.ts';

/** What the server says of itself; null where it says nothing. */
export interface Features {
  readonly patch: boolean | null;
  readonly filter: boolean | null;
  readonly etag: boolean;
}

const purpose = { doing: 'reading its service provider configuration', writes: false };
const unknown: Features = { patch: null, filter: null, etag: false };

/** Reads ServiceProviderConfig (RFC 7643, 5) at its first use and keeps it. A server without one is no fault: then we try. */
export function createDiscovery(transport: Transport): (signal: AbortSignal) => Promise<Features> {
  let features: Features | null = null;
  const discover = oneFlight(async (signal) => {
    const answer = await transport.send({ method: 'GET', path: 'ServiceProviderConfig', statusOnly: true }, purpose, { signal });
    // Weather in front of the server says nothing about the server.
    if ([502, 503, 504].includes(answer.status)) throw transport.failure(answer, purpose);
    features = answer.status === 200 && answer.json ? featuresFrom(answer.json) : unknown;
    return features;
  }, 15_000);
  return async (signal) => {
    if (features) return features;
    try {
      return await discover(signal);
    } catch (error) {
      throw error instanceof HttpError ? connectionFailure(error, purpose) : error;
    }
  };
}

function featuresFrom(config: Json): Features {
  return { patch: supported(config, 'patch'), filter: supported(config, 'filter'), etag: supported(config, 'etag') === true };
}

function supported(config: Json, name: string): boolean | null {
  const feature = field(config, name);
  const value = isObject(feature) ? field(feature, 'supported') : null;
  return typeof value === 'boolean' ? value : null;
}
