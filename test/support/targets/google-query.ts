/** users.list and its search language, as far as a provisioning client uses it. */
import type { Directory, DirectoryUser } from './google-directory.ts';
import { refusals } from './google-errors.ts';
import { isListed } from './google-hiding.ts';

export function matching(
  directory: Directory,
  query: Readonly<Record<string, string>>,
  domains: readonly string[],
): readonly DirectoryUser[] {
  const { customer, domain } = query;
  if (customer === undefined && domain === undefined) throw refusals.badRequest();
  if (customer !== undefined && customer !== 'my_customer') throw refusals.badRequest();
  if (domain !== undefined && !domains.includes(domain)) throw refusals.notFound('domain');
  const accepts = condition(query['query']);
  return [...directory.users.values()].filter(
    (user) =>
      (user.deletedAt !== null) === (query['showDeleted'] === 'true') &&
      (domain === undefined || user.resource.primaryEmail.endsWith(`@${domain}`)) &&
      accepts(user) &&
      isListed(user),
  );
}

/** The next page begins where its token says. */
export function page<T>(
  found: readonly T[],
  query: Readonly<Record<string, string>>,
): { items: readonly T[]; nextPageToken: string | null } {
  const size = Math.min(Number(query['maxResults'] ?? 100), 500);
  const start = Number(query['pageToken'] ?? 0);
  const end = start + size;
  return { items: found.slice(start, end), nextPageToken: end < found.length ? String(end) : null };
}

/** One clause: field, operator "=", value in single quotes with \' inside, or bare. */
function condition(query: string | undefined): (user: DirectoryUser) => boolean {
  if (query === undefined) return () => true;
  const [, field, quoted, bare] = /^(\w+)=(?:'((?:[^'\\]|\\.)*)'|(\S+))$/s.exec(query) ?? [];
  if (field === undefined) throw refusals.invalid('query');
  const value = (quoted?.replace(/\\(.)/gs, '$1') ?? bare ?? '').toLowerCase();
  switch (field) {
    case 'email':
      return ({ resource, aliases }) => [resource.primaryEmail, ...aliases].includes(value);
    case 'externalId':
      return ({ resource }) => {
        const ids = (resource['externalIds'] ?? []) as readonly { readonly value?: string }[];
        return ids.some((id) => id.value?.toLowerCase() === value);
      };
    default:
      throw refusals.invalid('query');
  }
}
