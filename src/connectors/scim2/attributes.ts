import type { AccountAttributeSpec, MappingSource } from '../../domain/mapping.ts';

export const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const enterpriseSchema = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** Where an attribute of an account lives in a SCIM user (RFC 7643, 4.1 and 4.3). */
export type Place =
  | { readonly kind: 'plain'; readonly name: string }
  | { readonly kind: 'name'; readonly name: string }
  /** emails and the like: our list of values, the first is the primary one. */
  | { readonly kind: 'values'; readonly name: string }
  | { readonly kind: 'enterprise'; readonly name: string }
  /** A reference: only its value is ours, the server fills in the rest. */
  | { readonly kind: 'manager' };

export interface ScimAttribute {
  readonly place: Place;
  readonly spec: AccountAttributeSpec;
}

/** Everything of an account that Usher can keep right in a SCIM server. One line here is all an attribute needs. */
export const scimAttributes: readonly ScimAttribute[] = [
  {
    place: { kind: 'plain', name: 'userName' },
    spec: { ...specOf('userName', 'Unique name the person signs in with.', { kind: 'user-name' }), required: true, matchable: true },
  },
  {
    place: { kind: 'plain', name: 'externalId' },
    spec: { ...specOf('externalId', 'Our id of the user.', { kind: 'user-id' }), matchable: true },
  },
  attribute('givenName', { kind: 'name', name: 'givenName' }, 'Given name.'),
  attribute('familyName', { kind: 'name', name: 'familyName' }, 'Family name.'),
  attribute('formatted', { kind: 'name', name: 'formatted' }, 'Full name as it is written.', null),
  attribute('displayName', { kind: 'plain', name: 'displayName' }, 'Name to show.'),
  {
    place: { kind: 'values', name: 'emails' },
    spec: {
      ...specOf('emails', 'E-mail addresses; the first is the primary one.', { kind: 'attribute', name: 'email' }),
      type: 'strings',
      matchable: true,
    },
  },
  {
    place: { kind: 'values', name: 'phoneNumbers' },
    spec: {
      ...specOf('phoneNumbers', 'Telephone numbers; the first is the primary one.', { kind: 'attribute', name: 'phone' }),
      type: 'strings',
    },
  },
  attribute('title', { kind: 'plain', name: 'title' }, 'Title.'),
  attribute('nickName', { kind: 'plain', name: 'nickName' }, 'Casual name.'),
  attribute('userType', { kind: 'plain', name: 'userType' }, 'Relation to the organisation, such as Employee.'),
  attribute('preferredLanguage', { kind: 'plain', name: 'preferredLanguage' }, 'Language, such as en-GB.', {
    kind: 'attribute',
    name: 'locale',
  }),
  attribute('timezone', { kind: 'plain', name: 'timezone' }, 'Time zone, such as Europe/Vienna.'),
  attribute('employeeNumber', { kind: 'enterprise', name: 'employeeNumber' }, 'Number of the employee.'),
  attribute('organization', { kind: 'enterprise', name: 'organization' }, 'Organisation.'),
  attribute('costCenter', { kind: 'enterprise', name: 'costCenter' }, 'Cost centre.'),
  attribute('division', { kind: 'enterprise', name: 'division' }, 'Division.'),
  attribute('department', { kind: 'enterprise', name: 'department' }, 'Department.'),
  attribute('manager', { kind: 'manager' }, "Id of the manager's account at this server.", null),
];

const places = new Map(scimAttributes.map(({ spec, place }) => [spec.name, place]));

/** Where the attribute lives; null where the definition has none of this name. */
export function placeOf(name: string): Place | null {
  return places.get(name) ?? null;
}

/** Compared without regard to case: userName by its schema (caseExact false), e-mail addresses as everybody does. */
export function sameText(attribute: string, a: string, b: string): boolean {
  return attribute === 'externalId' ? a === b : a.toLowerCase() === b.toLowerCase();
}

function attribute(
  name: string,
  place: Place,
  description: string,
  source: MappingSource | null = { kind: 'attribute', name },
): ScimAttribute {
  return { place, spec: specOf(name, description, source) };
}

function specOf(name: string, description: string, defaultMapping: MappingSource | null): AccountAttributeSpec {
  return { name, description, type: 'string', required: false, mutable: 'always', matchable: false, defaultMapping };
}
