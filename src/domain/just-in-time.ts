/** What a verified sign-in says about our own user: name, attributes and groups, by the identity provider's settings. */
import type { AttributeMapping, Attributes, AttributeValue, GroupId, IdentityProvider, User } from './vocabulary.ts';

/**
 * Used while an identity provider has no mappings of its own: the names that identity providers commonly send, in the spelling of
 * eduPerson/LDAP, its OIDs (X.500 attribute profile, SAML Profiles 8.2), and Microsoft's claim URIs.
 */
const commonMappings: readonly AttributeMapping[] = [
  ['givenName', 'givenName', 'firstName', 'urn:oid:2.5.4.42', 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname'],
  [
    'familyName',
    'sn',
    'surname',
    'lastName',
    'familyName',
    'urn:oid:2.5.4.4',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname',
  ],
  ['displayName', 'displayName', 'cn', 'urn:oid:2.16.840.1.113730.3.1.241', 'http://schemas.microsoft.com/identity/claims/displayname'],
  [
    'email',
    'mail',
    'email',
    'emailAddress',
    'urn:oid:0.9.2342.19200300.100.1.3',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
  ],
  ['phone', 'telephoneNumber', 'phone', 'urn:oid:2.5.4.20'],
  ['title', 'title', 'urn:oid:2.5.4.12'],
  ['department', 'department', 'departmentNumber', 'urn:oid:2.16.840.1.113730.3.1.2'],
  ['employeeNumber', 'employeeNumber', 'urn:oid:2.16.840.1.113730.3.1.3'],
  ['organization', 'o', 'organization', 'urn:oid:2.5.4.10'],
  ['locale', 'preferredLanguage', 'locale', 'urn:oid:2.16.840.1.113730.3.1.39'],
].flatMap(([local, ...federated]) => federated.map((name) => ({ federated: name, local: local ?? name })));

/** The user's attributes as the assertion tells them, under our names; the first federated name that has values wins. */
export function mapFederated(provider: Pick<IdentityProvider, 'attributeMappings'>, told: Attributes): Attributes {
  const mappings = provider.attributeMappings.length > 0 ? provider.attributeMappings : commonMappings;
  const mapped = new Map<string, readonly AttributeValue[]>();
  for (const { federated, local } of mappings) {
    const values = valuesOf(told, federated);
    if (values.length > 0 && !mapped.has(local)) mapped.set(local, values);
  }
  return Object.fromEntries(mapped);
}

/** Names are an administrator's and an identity provider's to choose: "constructor" is one like any other. */
function valuesOf(told: Attributes, name: string): readonly AttributeValue[] {
  return (Object.hasOwn(told, name) ? told[name] : undefined) ?? [];
}

/** The user name a new user gets: the configured attribute's first value, else the subject. */
export function userNameFrom(provider: Pick<IdentityProvider, 'justInTime'>, subject: string, told: Attributes): string {
  const name = provider.justInTime.userNameAttribute;
  const value = name === null ? undefined : valuesOf(told, name)[0];
  return value === undefined ? subject : String(value);
}

/** Attributes after a later sign-in. The same object where nothing changes. */
export function syncAttributes(
  provider: Pick<IdentityProvider, 'justInTime' | 'attributeMappings'>,
  user: Pick<User, 'attributes'>,
  told: Attributes,
): Attributes {
  const mapped = mapFederated(provider, told);
  switch (provider.justInTime.attributeSync) {
    case 'only-at-first':
      return user.attributes;
    case 'keep-local':
      return merged(user.attributes, { ...mapped, ...user.attributes });
    case 'override': {
      // Where the administrator named the mappings the identity provider owns those attributes: what it no longer sends is cleared.
      const owned = new Set(provider.attributeMappings.map((mapping) => mapping.local));
      const kept = Object.fromEntries(Object.entries(user.attributes).filter(([name]) => !owned.has(name)));
      return merged(user.attributes, { ...kept, ...mapped });
    }
  }
}

/** The groups the assertion's roles map to; null: roles are not mapped, leave memberships alone. */
export function groupsFrom(provider: Pick<IdentityProvider, 'justInTime' | 'roleMappings'>, told: Attributes): readonly GroupId[] | null {
  const name = provider.justInTime.roleAttribute;
  if (name === null) return null;
  const roles = new Set(valuesOf(told, name).map(String));
  return [...new Set(provider.roleMappings.filter((mapping) => roles.has(mapping.federated)).map((mapping) => mapping.groupId))];
}

/** Memberships to add and to end: only groups that role mappings speak of are ever ended. */
export function groupChanges(
  provider: Pick<IdentityProvider, 'justInTime' | 'roleMappings'>,
  now: readonly GroupId[],
  wanted: readonly GroupId[],
): { readonly join: readonly GroupId[]; readonly leave: readonly GroupId[] } {
  const join = wanted.filter((group) => !now.includes(group));
  const mapped = new Set(provider.roleMappings.map((mapping) => mapping.groupId));
  const leave = provider.justInTime.groupSync === 'override' ? now.filter((group) => mapped.has(group) && !wanted.includes(group)) : [];
  return { join, leave };
}

function merged(before: Attributes, after: Attributes): Attributes {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const same = [...names].every((name) => sameValues(before[name], after[name]));
  return same ? before : after;
}

function sameValues(a: Attributes[string] | undefined, b: Attributes[string] | undefined): boolean {
  return a !== undefined && b !== undefined && a.length === b.length && a.every((value, i) => value === b[i]);
}
