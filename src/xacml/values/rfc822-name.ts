/** An e-mail address: the part before the @ by the letter, the domain in whatever case. */
import type { DataType } from './data-type.ts';
import { collapse } from './plain.ts';
import type { Rfc822Name } from './value.ts';

export const rfc822Name: DataType<Rfc822Name> = {
  id: 'urn:oasis:names:tc:xacml:1.0:data-type:rfc822Name',
  name: 'rfc822Name',
  parse: (text) => {
    const address = collapse(text);
    const at = address.lastIndexOf('@');
    const [local, domain] = [address.slice(0, Math.max(at, 0)), address.slice(at + 1)];
    return at > 0 && address.length <= 1_000 && isDomain(domain) && isLocalPart(local) ? { local, domain } : null;
  },
  write: ({ local, domain }) => `${local}@${domain}`,
  canonical: ({ local, domain }) => `${local}@${domain}`,
  key: ({ local, domain }) => `${local}@${domain.toLowerCase()}`,
};

/** `pattern`: an address, a domain, or a domain with a dot before it, which stands for that one and every one below it (A.3.14). */
export function matchesMail(pattern: string, { local, domain }: Rfc822Name): boolean {
  const at = pattern.lastIndexOf('@');
  const [wanted, found] = [pattern.slice(at + 1).toLowerCase(), domain.toLowerCase()];
  if (at >= 0) return pattern.slice(0, at) === local && wanted === found;
  return wanted.startsWith('.') ? `.${found}`.endsWith(wanted) : wanted === found;
}

function isLocalPart(text: string): boolean {
  return /^"(?:[^"\\]|\\.)*"$/.test(text) || /^[^\s"@()<>[\],;:\\]+$/.test(text);
}

function isDomain(text: string): boolean {
  return /^\[[^\s[\]]+\]$/.test(text) || /^[^\s@()<>[\],;:\\"]+$/.test(text);
}
