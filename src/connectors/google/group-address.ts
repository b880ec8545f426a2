import { createHash } from 'node:crypto';

/**
 * The addresses that a group of this name may get, the preferred one first: the name in the letters that an address takes, and for the
 * case that somebody else has it, the same with a few characters that follow from the name. A second look comes to the same addresses.
 */
export function addressesFor(name: string, domain: string): readonly [string, string] {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .replace(/^-+|-+$/g, '');
  const mark = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return slug === '' ? [`group-${mark}@${domain}`, `group-${mark}-2@${domain}`] : [`${slug}@${domain}`, `${slug}-${mark}@${domain}`];
}
