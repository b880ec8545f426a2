/** Whom a limit for strangers counts: the address a request came from, as far as one of them belongs to one household or machine. */
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';

/** Behind proxies that are trusted, Express made out the address; an upgrade never passed it. */
export function callerAddress(request: IncomingMessage): string {
  const address = 'ip' in request && typeof request.ip === 'string' ? request.ip : request.socket.remoteAddress;
  return address === undefined ? 'unknown' : networkOf(address);
}

/** Of IPv6 the /64: whoever has one address there has all 2^64 of them. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [before = '', after] = address.split('::', 2);
  const groups = before === '' ? [] : before.split(':');
  // What "::" leaves out is zeros, and what stands behind it reaches into the first half only where that is long.
  const last = after === undefined || after === '' ? [] : after.split(':');
  const zeros = after === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - last.length) }, () => '0');
  const network = [...groups, ...zeros, ...last].slice(0, 4).map((group) => parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
