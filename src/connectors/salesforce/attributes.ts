import type { AccountAttributeSpec, MappingSource } from '../../domain/mapping.ts';

/** The attribute that keeps our own id of the user, in whatever field the form names. */
export const ownId = 'ownId';

/** Account attributes that are a field of User of the same name. */
const fieldSpecs: readonly AccountAttributeSpec[] = [
  {
    ...specOf('Username', 'Unique over all of Salesforce, in the form of an e-mail address; at most 80 characters.', {
      kind: 'user-id-pattern',
    }),
    required: true,
    matchable: true,
    freedBy: 'freeUsername',
  },
  { ...specOf('LastName', 'Family name.', from('familyName', { kind: 'user-name' })), required: true },
  specOf('FirstName', 'Given name.', from('givenName')),
  { ...specOf('Email', 'E-mail address.', from('email', { kind: 'user-name' })), required: true, matchable: true },
  specOf('Alias', 'Short name, at most 8 characters; made from the names where nothing gives one.', null),
  specOf('CommunityNickname', 'Unique name in communities; made from the username where nothing gives one.', null),
  { ...specOf('FederationIdentifier', 'What single sign-on knows the user by; unique in the organisation.', null), matchable: true },
  specOf('Title', 'Title.', from('title')),
  specOf('Department', 'Department.', from('department')),
  specOf('Division', 'Division.', from('division')),
  specOf('CompanyName', 'Company.', from('organization')),
  specOf('EmployeeNumber', 'Number of the employee.', from('employeeNumber')),
  specOf('Phone', 'Telephone number.', from('phone')),
  specOf('MobilePhone', 'Mobile telephone number.', null),
  specOf('Street', 'Street.', null),
  specOf('City', 'City.', null),
  specOf('State', 'State or province.', null),
  specOf('PostalCode', 'Postal code.', null),
  specOf('Country', 'Country.', null),
  specOf('TimeZoneSidKey', 'Time zone; the form has a default.', null),
  specOf('LocaleSidKey', 'Locale, such as en_GB; the form has a default.', null),
  specOf('EmailEncodingKey', 'E-mail encoding; the form has a default.', null),
  specOf('LanguageLocaleKey', 'Language, such as en_US; the form has a default.', null),
  ...[
    ['UserPermissionsMarketingUser', 'Marketing User'],
    ['UserPermissionsOfflineUser', 'Offline User'],
    ['UserPermissionsCallCenterAutoLogin', 'Auto-login to Call Center'],
    ['UserPermissionsSFContentUser', 'Salesforce CRM Content User'],
    ['UserPermissionsKnowledgeUser', 'Knowledge User'],
    ['UserPermissionsInteractionUser', 'Flow User'],
    ['UserPermissionsSupportUser', 'Service Cloud User'],
  ].map(([name = '', label = '']): AccountAttributeSpec => ({ ...specOf(name, `Whether the user is "${label}".`, null), type: 'boolean' })),
];

/** Everything of a user that Usher can keep right in Salesforce, beside custom fields. */
export const salesforceAttributes: readonly AccountAttributeSpec[] = [
  ...fieldSpecs,
  { ...specOf(ownId, "Our id of the user, in the form's field for it.", { kind: 'user-id' }), matchable: true, neededField: 'ownIdField' },
  { ...specOf('profile', 'Profile, by name or id; the form may have one for new users.', null), orFromField: 'profile' },
  specOf('role', 'Role in the hierarchy, by name or id.', null),
  {
    ...specOf('permissionSets', 'Permission sets, by API name, label or id. Those that others assign are left alone.', null),
    type: 'strings',
    shared: true,
  },
  {
    ...specOf('publicGroups', 'Public groups, by API name, name or id. Those that others put the user in are left alone.', null),
    type: 'strings',
    shared: true,
  },
];

export const customFieldPattern = '[A-Za-z][A-Za-z0-9_]*__c';
const customField = new RegExp(`^${customFieldPattern}$`);

export function isCustomField(name: string): boolean {
  return customField.test(name);
}

/** Names of account attributes that are read and written as the field of that name. */
export const plainFields: readonly string[] = fieldSpecs.map(({ name }) => name);

/** The account attribute that a field of Salesforce belongs to, for naming it in a failure; null where it is none of ours. */
export function attributeOfField(field: string, ownIdField: string | null): string | null {
  const lower = field.toLowerCase();
  if (lower === 'profileid') return 'profile';
  if (lower === 'userroleid') return 'role';
  if (lower === 'permissionsetid') return 'permissionSets';
  if (lower === ownIdField?.toLowerCase()) return ownId;
  return plainFields.find((name) => name.toLowerCase() === lower) ?? (isCustomField(field) ? field : null);
}

function from(name: string, fallback?: MappingSource): MappingSource {
  return fallback ? { kind: 'attribute', name, fallback } : { kind: 'attribute', name };
}

function specOf(name: string, description: string, defaultMapping: MappingSource | null): AccountAttributeSpec {
  return { name, description, type: 'string', required: false, mutable: 'always', matchable: false, defaultMapping };
}
