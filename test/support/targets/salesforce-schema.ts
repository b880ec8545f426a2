/** What the fake organisation's objects look like: fields, relationships, lengths, choices. Only what a provisioning client meets. */
export interface FieldShape {
  readonly type: 'id' | 'string' | 'boolean' | 'int' | 'picklist' | 'email' | 'reference' | 'double';
  readonly length?: number;
  readonly readOnly?: true;
  readonly choices?: readonly string[];
  /** For references: relationship and the objects that it leads to. */
  readonly relationship?: string;
  readonly to?: readonly string[];
  readonly required?: true;
}
export interface ObjectShape {
  readonly prefix: string;
  readonly fields: Readonly<Record<string, FieldShape>>;
  /** Child relationships for subqueries: the object and its field that leads here. */
  readonly children?: Readonly<Record<string, { readonly object: string; readonly field: string }>>;
}

const text = (length: number, more: Partial<FieldShape> = {}): FieldShape => ({ type: 'string', length, ...more });
const reference = (relationship: string, ...to: string[]): FieldShape => ({ type: 'reference', relationship, to });
const id: FieldShape = { type: 'id', readOnly: true };
const flag: FieldShape = { type: 'boolean' };
const told: FieldShape = { type: 'boolean', readOnly: true };

export const schema: Readonly<Record<string, ObjectShape>> = {
  User: {
    prefix: '005',
    children: { PermissionSetAssignments: { object: 'PermissionSetAssignment', field: 'AssigneeId' } },
    fields: {
      Id: id,
      Username: text(80, { required: true }),
      LastName: text(80, { required: true }),
      FirstName: text(40),
      Name: text(121, { readOnly: true }),
      Email: { type: 'email', length: 128, required: true },
      Alias: text(8, { required: true }),
      CommunityNickname: text(40),
      FederationIdentifier: text(512),
      Title: text(80),
      Department: text(80),
      Division: text(80),
      CompanyName: text(80),
      EmployeeNumber: text(20),
      Phone: text(40),
      MobilePhone: text(40),
      Street: text(255),
      City: text(40),
      State: text(80),
      PostalCode: text(20),
      Country: text(80),
      IsActive: flag,
      TimeZoneSidKey: picklist('Europe/London', 'Europe/Vienna', 'America/Los_Angeles', 'GMT'),
      LocaleSidKey: picklist('en_GB', 'en_US', 'de_AT'),
      EmailEncodingKey: picklist('UTF-8', 'ISO-8859-1'),
      LanguageLocaleKey: picklist('en_US', 'de', 'fr'),
      ProfileId: { ...reference('Profile', 'Profile'), required: true },
      UserRoleId: reference('UserRole', 'UserRole'),
      UserPermissionsMarketingUser: flag,
      UserPermissionsOfflineUser: flag,
      UserPermissionsCallCenterAutoLogin: flag,
      Usher_Id__c: text(64),
      Cost_Centre__c: text(20),
      Desk__c: { type: 'double' },
      Remote__c: flag,
    },
  },
  UserLogin: { prefix: '0Yw', fields: { Id: id, UserId: { ...reference('User', 'User'), readOnly: true }, IsFrozen: flag } },
  UserLicense: { prefix: '100', fields: { Id: id, Name: text(40), TotalLicenses: { type: 'int' }, UsedLicenses: { type: 'int' } } },
  Profile: {
    prefix: '00e',
    fields: {
      Id: id,
      Name: text(255),
      UserLicenseId: reference('UserLicense', 'UserLicense'),
      PermissionsModifyAllData: told,
      PermissionsManageUsers: told,
    },
  },
  UserRole: { prefix: '00E', fields: { Id: id, Name: text(80), DeveloperName: text(80) } },
  PermissionSet: {
    prefix: '0PS',
    fields: {
      Id: id,
      Name: text(80),
      Label: text(80),
      IsOwnedByProfile: told,
      ProfileId: reference('Profile', 'Profile'),
      PermissionsModifyAllData: told,
      PermissionsManageUsers: told,
    },
  },
  PermissionSetAssignment: {
    prefix: '0Pa',
    fields: {
      Id: id,
      AssigneeId: { ...reference('Assignee', 'User'), required: true },
      PermissionSetId: { ...reference('PermissionSet', 'PermissionSet'), required: true },
      PermissionSetGroupId: reference('PermissionSetGroup', 'PermissionSetGroup'),
    },
  },
  Group: {
    prefix: '00G',
    fields: {
      Id: id,
      Name: text(40, { required: true }),
      DeveloperName: text(80),
      Type: picklist('Regular', 'Queue', 'Role', 'Organization'),
    },
  },
  GroupMember: {
    prefix: '011',
    fields: {
      Id: id,
      GroupId: { ...reference('Group', 'Group'), required: true },
      UserOrGroupId: { ...reference('UserOrGroup', 'User', 'Group'), required: true },
    },
  },
  Account: { prefix: '001', fields: { Id: id, Name: text(255, { required: true }) } },
};

/** Objects of Setup may not be written together with others. */
export const setupObjects = ['User', 'UserLogin', 'PermissionSetAssignment', 'Group', 'GroupMember'];

function picklist(...choices: readonly string[]): FieldShape {
  return { type: 'picklist', choices };
}
