import ipaddr from 'ipaddr.js';

/**
 * Whether an address leads anywhere but to the public internet: loopback, link-local (with the clouds' metadata service),
 * private, unique-local, carrier-grade NAT, multicast, unspecified, reserved. Whatever cannot be read counts as internal.
 */
export function isInternalAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (!ipaddr.isValid(bare)) return true;
  const parsed = ipaddr.process(bare);
  if (parsed instanceof ipaddr.IPv4) return parsed.range() !== 'unicast';
  const embedded = embeddedIPv4(parsed);
  return embedded === null ? parsed.range() !== 'unicast' : isInternalAddress(embedded);
}

/** An address given literally in a URL; null where it is a name that has to be resolved. */
export function literalAddress(hostname: string): string | null {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(bare) ? bare : null;
}

/** The IPv4 address inside a NAT64 (64:ff9b::/96, RFC 6052) or IPv4-compatible (::/96) one: it is where packets end up. */
function embeddedIPv4(address: ipaddr.IPv6): string | null {
  const bytes = address.toByteArray();
  const zeros = (from: number, to: number): boolean => bytes.slice(from, to).every((byte) => byte === 0);
  const nat64 = address.range() === 'rfc6052' && zeros(4, 12);
  return nat64 || zeros(0, 12) ? bytes.slice(12).join('.') : null;
}
