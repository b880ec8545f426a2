/** Why the fake organisation refuses to write a record, in the codes and words of the real one. */
import { Refusal, same, type Row, type Tables } from './salesforce-tables.ts';
import type { Literal } from './salesforce-soql.ts';

export interface Rules {
  readonly checkFields: (object: string, values: Row, creates: boolean) => void;
  /** `before`: null for a new one. */
  readonly checkUser: (values: Row, before: Row | null) => void;
  readonly checkOthers: (object: string, values: Row, before: Row | null) => void;
  /** Licences of this kind that these users take. */
  readonly used: (licence: Literal | undefined, users: readonly Row[]) => number;
}

export interface Circumstances {
  readonly takenElsewhere: ReadonlySet<string>;
  readonly undeactivatable: ReadonlySet<string>;
  readonly ownUserId: () => string;
}

export function createRules({ table, shape, at }: Tables, { takenElsewhere, undeactivatable, ownUserId }: Circumstances): Rules {
  function checkFields(object: string, values: Row, creates: boolean): void {
    const { fields } = shape(object);
    for (const [name, value] of Object.entries(values)) {
      const field = fields[name];
      if (!field) throw new Refusal(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${object}`);
      if (field.readOnly)
        throw new Refusal(
          400,
          'INVALID_FIELD_FOR_INSERT_UPDATE',
          `Unable to create/update fields: ${name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
          [name],
        );
      if (value === null) continue;
      const isBoolean = field.type === 'boolean';
      const isNumber = field.type === 'int' || field.type === 'double';
      if (isBoolean !== (typeof value === 'boolean') || isNumber !== (typeof value === 'number'))
        throw new Refusal(400, 'JSON_PARSER_ERROR', `Cannot deserialize instance of ${field.type} from VALUE value at [line:1, column:2]`);
      const length = String(value).length;
      if (field.length !== undefined && length > field.length)
        throw new Refusal(400, 'STRING_TOO_LONG', `${name}: data value too large: ${String(value)} (max length=${field.length})`, [name]);
      if (field.choices && !field.choices.includes(String(value)))
        throw new Refusal(
          400,
          'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
          `${name}: bad value for restricted picklist field: ${String(value)}`,
          [name],
        );
      if (field.to) checkReference(name, String(value), field.to);
    }
    const missing = Object.entries(fields).filter(
      ([name, { required }]) => required && (creates ? (values[name] ?? '') === '' : name in values && (values[name] ?? '') === ''),
    );
    if (missing.length > 0) {
      const names = missing.map(([name]) => name);
      throw new Refusal(400, 'REQUIRED_FIELD_MISSING', `Required fields are missing: [${names.join(', ')}]`, names);
    }
  }

  function checkReference(name: string, value: string, to: readonly string[]): void {
    const target = to.find((object) => value.startsWith(shape(object).prefix));
    if (target === undefined || !/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/.test(value))
      throw new Refusal(400, 'MALFORMED_ID', `${name}: id value of incorrect type: ${value}`, [name]);
    if (!at(target, value)) throw new Refusal(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', []);
  }

  function checkUser(values: Row, before: Row | null): void {
    const after = { ...before, ...values };
    const others = [...table('User').values()].filter((user) => user['Id'] !== before?.['Id']);
    const taken = (field: string): Row | undefined =>
      typeof values[field] === 'string' ? others.find((user) => same(user[field] ?? null, values[field]!)) : undefined;
    for (const name of ['Username', 'Email'])
      if (
        typeof values[name] === 'string' &&
        !/^[A-Za-z0-9.!#$&*/=?^_+\-`{|}~'%]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(values[name])
      )
        throw new Refusal(400, 'INVALID_EMAIL_ADDRESS', `${name}: invalid email address: ${values[name]}`, [name]);
    if (taken('Username') || takenElsewhere.has(String(values['Username']).toLowerCase()))
      throw new Refusal(
        400,
        'DUPLICATE_USERNAME',
        "Duplicate Username.<br>The username already exists in this or another Salesforce organization. Usernames must be unique across all Salesforce organizations. To resolve, use a different username (it doesn't need to match the user's email address). ",
        ['Username'],
      );
    if (taken('CommunityNickname'))
      throw new Refusal(
        400,
        'DUPLICATE_COMM_NICKNAME',
        'Duplicate Nickname.<br>Another user has already selected this nickname.<br>Please select another.',
        ['CommunityNickname'],
      );
    for (const field of ['FederationIdentifier', 'Usher_Id__c']) {
      const other = taken(field);
      if (other)
        throw new Refusal(
          400,
          'DUPLICATE_VALUE',
          `duplicate value found: ${field} duplicates value on record with id: ${String(other['Id'])}`,
        );
    }
    if (before?.['IsActive'] === true && values['IsActive'] === false) {
      if (before['Id'] === ownUserId())
        throw new Refusal(400, 'FIELD_INTEGRITY_EXCEPTION', 'You cannot deactivate your own user.', ['IsActive']);
      if (undeactivatable.has(String(before['Id'])))
        throw new Refusal(
          400,
          'FIELD_INTEGRITY_EXCEPTION',
          'You cannot deactivate this user. You cannot deactivate a user who is the default owner of cases.',
          ['IsActive'],
        );
    }
    if (after['IsActive'] === true && (before?.['IsActive'] !== true || 'ProfileId' in values)) {
      const licence = at('UserLicense', String(at('Profile', String(after['ProfileId']))?.['UserLicenseId']))!;
      if (used(licence['Id'], others) >= Number(licence['TotalLicenses']))
        throw new Refusal(400, 'LICENSE_LIMIT_EXCEEDED', 'The number of active users in this organization is at its limit.');
    }
  }

  function used(licence: Literal | undefined, users: readonly Row[]): number {
    return users.filter((user) => user['IsActive'] === true && at('Profile', String(user['ProfileId']))?.['UserLicenseId'] === licence)
      .length;
  }

  function checkOthers(object: string, values: Row, before: Row | null): void {
    const others = [...table(object).values()].filter((row) => row['Id'] !== before?.['Id']);
    if (object === 'Group') {
      const name = values['DeveloperName'];
      if (typeof name === 'string' && !/^[A-Za-z](?:_?[A-Za-z0-9])*$/.test(name))
        throw new Refusal(400, 'FIELD_INTEGRITY_EXCEPTION', 'The Group Name can only contain underscores and alphanumeric characters.', [
          'DeveloperName',
        ]);
      if (typeof name === 'string' && others.some((group) => same(group['DeveloperName'] ?? null, name)))
        throw new Refusal(
          400,
          'DUPLICATE_DEVELOPER_NAME',
          'This Group Name already exists or has been previously used. Please choose a different name.',
          ['DeveloperName'],
        );
    }
    const pair = ['AssigneeId', 'PermissionSetId'];
    if (
      object === 'PermissionSetAssignment' &&
      others.some((row) => pair.every((field) => same(row[field] ?? null, values[field] ?? null)))
    )
      throw new Refusal(400, 'DUPLICATE_VALUE', 'Duplicate PermissionSetAssignment.');
    if (object === 'PermissionSetAssignment' && at('PermissionSet', String(values['PermissionSetId']))?.['Name'] === 'Auditor')
      throw new Refusal(
        400,
        'FIELD_INTEGRITY_EXCEPTION',
        "Can't assign permission set Auditor to user. The user license doesn't allow the permission: View Audit Trail",
        ['PermissionSetId'],
      );
  }

  return { checkFields, checkUser, checkOthers, used };
}
