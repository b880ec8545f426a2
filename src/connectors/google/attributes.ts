import type { AccountAttributeSpec, MappingSource } from '../../domain/mapping.ts';

/** Where an attribute of an account lives in a user of the Directory API. */
export type Place =
  | { readonly kind: 'plain'; readonly name: string; /** What clears it. */ readonly empty: string }
  | { readonly kind: 'name'; readonly name: string }
  /** The value of one entry of a list that others use as well, told by its type. */
  | { readonly kind: 'entry'; readonly list: 'phones' | 'externalIds' | 'relations'; readonly type: string; readonly customType?: string }
  /** A field of the entry of a list that is about the person's work. */
  | { readonly kind: 'part'; readonly list: 'organizations' | 'addresses'; readonly name: string }
  | { readonly kind: 'custom'; readonly schema: string; readonly name: string }
  | { readonly kind: 'aliases' }
  /** Said once, at create; never read. */
  | { readonly kind: 'at-create'; readonly name: string };

export interface GoogleAttribute {
  readonly place: Place;
  readonly spec: AccountAttributeSpec;
}

/** Whole names of the attributes of custom schemas. */
export const customPattern = 'custom\\.[A-Za-z0-9_\\-]{1,64}\\.[A-Za-z0-9_\\-]{1,64}';

/** Everything of an account that Usher can keep right at Google. One line here is all an attribute needs. */
export const googleAttributes: readonly GoogleAttribute[] = [
  {
    place: { kind: 'plain', name: 'primaryEmail', empty: '' },
    spec: {
      ...specOf('primaryEmail', 'The address the person signs in with. After a rename the old one stays as an alias.', {
        kind: 'user-id-pattern',
      }),
      required: true,
      matchable: true,
    },
  },
  {
    place: { kind: 'name', name: 'givenName' },
    spec: { ...specOf('givenName', 'Given name; Google wants one.', nameFrom('givenName')), required: true },
  },
  {
    place: { kind: 'name', name: 'familyName' },
    spec: { ...specOf('familyName', 'Family name; Google wants one.', nameFrom('familyName')), required: true },
  },
  attribute('title', { kind: 'part', list: 'organizations', name: 'title' }, 'Job title.'),
  attribute('department', { kind: 'part', list: 'organizations', name: 'department' }, 'Department.'),
  attribute('organizationName', { kind: 'part', list: 'organizations', name: 'name' }, 'Organisation.', from('organization')),
  attribute('costCenter', { kind: 'part', list: 'organizations', name: 'costCenter' }, 'Cost centre.'),
  attribute('employeeType', { kind: 'part', list: 'organizations', name: 'description' }, 'Type of employee.', from('userType')),
  {
    place: { kind: 'entry', list: 'externalIds', type: 'custom', customType: 'usher' },
    spec: { ...specOf('externalId', 'Our id of the user, kept as the external id "usher".', { kind: 'user-id' }), matchable: true },
  },
  {
    place: { kind: 'entry', list: 'externalIds', type: 'organization' },
    spec: { ...specOf('employeeId', 'Number of the employee.', from('employeeNumber')), matchable: true },
  },
  attribute('workPhone', { kind: 'entry', list: 'phones', type: 'work' }, 'Telephone at work.', from('phone')),
  attribute('mobilePhone', { kind: 'entry', list: 'phones', type: 'mobile' }, 'Mobile telephone.', null),
  attribute('homePhone', { kind: 'entry', list: 'phones', type: 'home' }, 'Telephone at home.', null),
  attribute('manager', { kind: 'entry', list: 'relations', type: 'manager' }, "Address of the manager's account.", null),
  attribute('workAddress', { kind: 'part', list: 'addresses', name: 'formatted' }, 'Address of the workplace as it is written.', null),
  attribute('locality', { kind: 'part', list: 'addresses', name: 'locality' }, 'Town of the workplace.', null),
  attribute('orgUnitPath', { kind: 'plain', name: 'orgUnitPath', empty: '/' }, 'Organizational unit, such as /Staff.', null),
  attribute(
    'recoveryEmail',
    { kind: 'plain', name: 'recoveryEmail', empty: '' },
    'Address by which the person regains the account. Where people know their password, prefer to leave it to them.',
    null,
  ),
  attribute(
    'recoveryPhone',
    { kind: 'plain', name: 'recoveryPhone', empty: '' },
    'Telephone by which the person regains the account, such as +436601234567.',
    null,
  ),
  {
    place: { kind: 'at-create', name: 'changePasswordAtNextLogin' },
    spec: {
      ...specOf('changePasswordAtNextLogin', 'Whether the person has to choose a password first.', null),
      type: 'boolean',
      mutable: 'create-only',
    },
  },
  {
    place: { kind: 'aliases' },
    spec: { ...specOf('aliases', 'Further addresses. Those that others added stay.', null), type: 'strings', shared: true },
  },
];

const places = new Map(googleAttributes.map(({ spec, place }) => [spec.name, place]));

/** Where the attribute lives; null where Google has none of this name. */
export function placeOf(name: string): Place | null {
  const known = places.get(name);
  if (known) return known;
  const [, schema, field] = /^custom\.([\w-]+)\.([\w-]+)$/.exec(name) ?? [];
  return schema !== undefined && field !== undefined ? { kind: 'custom', schema, name: field } : null;
}

function attribute(name: string, place: Place, description: string, source: MappingSource | null = from(name)): GoogleAttribute {
  return { place, spec: specOf(name, description, source) };
}

function specOf(name: string, description: string, defaultMapping: MappingSource | null): AccountAttributeSpec {
  return { name, description, type: 'string', required: false, mutable: 'always', matchable: false, defaultMapping };
}

function from(name: string): MappingSource {
  return { kind: 'attribute', name };
}

/** Who has no such name is called by the user name, rather than not at all. */
function nameFrom(name: string): MappingSource {
  return { kind: 'attribute', name, fallback: { kind: 'user-name' } };
}
