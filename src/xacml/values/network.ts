/** ipAddress and dnsName of XACML 2.0: an address with a mask, or a host's name, and ports behind it. They match by regular expression only. */
import type { DataType } from './data-type.ts';
import { collapse } from './plain.ts';
import type { DnsName, IpAddress } from './value.ts';

const portRange = /^:(?:\d{1,5}(?:-(?:\d{1,5})?)?|-\d{1,5})$/;

export const ipAddress: DataType<IpAddress> = {
  id: 'urn:oasis:names:tc:xacml:2.0:data-type:ipAddress',
  name: 'ipAddress',
  parse: (text) => {
    const address = collapse(text);
    return address.length <= 200 && (isVersion4(address) || isVersion6(address)) ? { address } : null;
  },
  write: ({ address }) => address,
  canonical: ({ address }) => address,
  key: ({ address }) => address.toLowerCase(),
};

export const dnsName: DataType<DnsName> = {
  id: 'urn:oasis:names:tc:xacml:2.0:data-type:dnsName',
  name: 'dnsName',
  parse: (text) => {
    const name = collapse(text);
    const found = /^((?:\*\.)?[A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?(?:\.[A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?)*\.?)(:.*)?$/.exec(
      name.length <= 300 ? name : '',
    );
    return found && arePorts(found[2]) ? { name } : null;
  },
  write: ({ name }) => name,
  canonical: ({ name }) => name,
  key: ({ name }) => name.toLowerCase(),
};

function isVersion4(text: string): boolean {
  const found = /^([\d.]+)(?:\/([\d.]+))?(:.*)?$/.exec(text);
  const [, address = '', mask, ports] = found ?? [];
  return found !== null && areOctets(address) && (mask === undefined || areOctets(mask)) && mayBePorts(ports);
}

function areOctets(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split('.').every((octet) => Number(octet) <= 255);
}

function isVersion6(text: string): boolean {
  const found = /^\[([^\]]+)\](?:\/\[([^\]]+)\])?(:.*)?$/.exec(text);
  const [, address = '', mask, ports] = found ?? [];
  return found !== null && areGroups(address) && (mask === undefined || areGroups(mask)) && mayBePorts(ports);
}

function areGroups(text: string): boolean {
  const last = text.slice(text.lastIndexOf(':') + 1);
  // The last 32 bits may be written as an address of version 4.
  const plain = last.includes('.') ? (areOctets(last) ? `${text.slice(0, text.length - last.length)}0:0` : 'no') : text;
  const halves = plain.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const fits = halves.length === 2 ? groups.length < 8 : groups.length === 8;
  return fits && groups.every((group) => /^[\dA-Fa-f]{1,4}$/.test(group));
}

/** Of an address, unlike a host's name, nothing need follow the colon (A.2). */
function mayBePorts(text: string | undefined): boolean {
  return text === ':' || arePorts(text);
}

function arePorts(text: string | undefined): boolean {
  return text === undefined || (portRange.test(text) && [...text.matchAll(/\d+/g)].every(([port]) => Number(port) <= 65_535));
}
