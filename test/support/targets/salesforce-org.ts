/** The organisation behind the fake Salesforce: its records, and the rules by which it refuses to write them. No HTTP here. */
import { createRules } from './salesforce-rules.ts';
import type { ObjectShape } from './salesforce-schema.ts';
import { createSelect } from './salesforce-select.ts';
import { MalformedQuery, parseSoql, type Literal } from './salesforce-soql.ts';
import { createTables, Refusal, same, type Row } from './salesforce-tables.ts';

export interface Org {
  readonly id: string;
  rows(object: string): readonly Row[];
  insert(object: string, values: Row): string;
  update(object: string, id: string, values: Row): void;
  remove(object: string, id: string): void;
  get(object: string, id: string): Row;
  query(soql: string): readonly object[];
  /** Usernames that somebody has in another organisation. */
  readonly takenElsewhere: Set<string>;
  /** Ids of users that are the default owner of something. */
  readonly undeactivatable: Set<string>;
  /** The next writes that find their record locked by somebody else. */
  lockRows(times: number): void;
  /** Puts a row there as Setup would, past the rules. Returns its id. */
  put(object: string, values: Row): string;
  readonly ownUserId: string;
  readonly shape: (object: string) => ObjectShape;
  /** Takes a custom field away from everybody's sight. */
  dropField(object: string, field: string): void;
}

export function createOrg(): Org {
  const takenElsewhere = new Set<string>();
  const undeactivatable = new Set<string>();
  let locks = 0;
  const tables = createTables();
  const { table, at, put } = tables;
  const rules = createRules(tables, { takenElsewhere, undeactivatable, ownUserId: () => ownUserId });
  const select = createSelect(tables);

  const standard = put('UserLicense', { Name: 'Salesforce', TotalLicenses: 1_000, UsedLicenses: 0 });
  const platform = put('UserLicense', { Name: 'Salesforce Platform', TotalLicenses: 2, UsedLicenses: 0 });
  const admins = profile('System Administrator', standard, true);
  profile('Standard User', standard, false);
  profile('Standard Platform User', platform, false);
  put('UserRole', { Name: 'Sales West', DeveloperName: 'SalesWest' });
  for (const [Name, Label] of [
    ['Report_Builder', 'Report Builder'],
    ['Beta_Tester', 'Beta Tester'],
    ['Auditor', 'Auditor'],
  ])
    put('PermissionSet', { Name: Name!, Label: Label! });
  put('PermissionSet', { Name: 'Super', Label: 'Super', PermissionsManageUsers: true });
  const ownUserId = addUser({
    Username: 'usher@integration.example',
    LastName: 'Usher',
    Email: 'u@integration.example',
    ProfileId: admins,
    IsActive: true,
  });

  function profile(Name: string, UserLicenseId: string, powerful: boolean): string {
    const powers = { PermissionsModifyAllData: powerful, PermissionsManageUsers: powerful };
    const ProfileId = put('Profile', { Name, UserLicenseId, ...powers });
    put('PermissionSet', { Name: `X${ProfileId}`, Label: ProfileId, IsOwnedByProfile: true, ProfileId, ...powers });
    return ProfileId;
  }

  function addUser(values: Row): string {
    const id = put('User', values);
    put('UserLogin', { UserId: id, IsFrozen: false });
    assignOwned(id, values['ProfileId'] ?? null);
    return id;
  }

  /** A profile comes with a permission set of its own. */
  function assignOwned(id: string, profileId: Literal): void {
    const owned = [...table('PermissionSet').values()].filter((set) => set['IsOwnedByProfile'] === true);
    const assignments = table('PermissionSetAssignment');
    for (const [key, row] of assignments)
      if (same(row['AssigneeId'], id) && owned.some((set) => same(set['Id'], row['PermissionSetId'] ?? null))) assignments.delete(key);
    const set = owned.find((one) => same(one['ProfileId'], profileId));
    if (set) put('PermissionSetAssignment', { AssigneeId: id, PermissionSetId: set['Id']! });
  }

  function memberOf(values: Row): Row | undefined {
    const isSame = (row: Row): boolean => ['GroupId', 'UserOrGroupId'].every((field) => same(row[field], values[field] ?? null));
    return [...table('GroupMember').values()].find(isSame);
  }

  const unlocked = (): void => {
    if (locks > 0) {
      locks--;
      throw new Refusal(400, 'UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record');
    }
  };

  return {
    shape: tables.shape,
    dropField: (object, field) => void Reflect.deleteProperty(tables.shape(object).fields, field),
    id: '00DXy0000000001MAA',
    ownUserId,
    takenElsewhere,
    undeactivatable,
    lockRows: (times) => void (locks = times),
    put: (object, values) => (object === 'User' ? addUser(values) : put(object, values)),
    rows: (object) => [...table(object).values()],
    get: (object, id) => {
      const row = at(object, id);
      if (!row) throw new Refusal(404, 'NOT_FOUND', 'The requested resource does not exist');
      return row;
    },
    insert: (object, values) => {
      rules.checkFields(object, values, true);
      unlocked();
      if (object === 'User') {
        rules.checkUser(values, null);
        const nickname = values['CommunityNickname'] ?? `User${table('User').size}`;
        return addUser({ IsActive: true, ...values, CommunityNickname: nickname });
      }
      // Object reference, GroupMember: "If you attempt to create a record that matches an existing record, the system simply returns" it.
      const member = object === 'GroupMember' ? memberOf(values) : undefined;
      if (member) return String(member['Id']);
      rules.checkOthers(object, values, null);
      return put(object, object === 'Group' ? { Type: 'Regular', DeveloperName: `Group${table('Group').size}`, ...values } : values);
    },
    update: (object, id, values) => {
      const row = at(object, id);
      if (!row) throw new Refusal(404, 'NOT_FOUND', 'Provided external ID field does not exist or is not accessible: ' + id);
      if (object === 'PermissionSetAssignment' || object === 'GroupMember')
        throw new Refusal(400, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'entity type cannot be updated');
      rules.checkFields(object, values, false);
      unlocked();
      if (object === 'User') rules.checkUser(values, row);
      else rules.checkOthers(object, values, row);
      // A text that is set to nothing is null.
      Object.assign(row, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value === '' ? null : value])));
      if (object === 'User' && values['ProfileId'] !== undefined) assignOwned(id, values['ProfileId']);
    },
    remove: (object, id) => {
      if (object === 'User') throw new Refusal(405, 'METHOD_NOT_ALLOWED', "HTTP Method 'DELETE' not allowed. Allowed are HEAD,GET,PATCH");
      if (!at(object, id)) throw new Refusal(404, 'NOT_FOUND', 'The requested resource does not exist');
      unlocked();
      table(object).delete(id.slice(0, 15));
      if (object !== 'Group') return;
      for (const [key, row] of table('GroupMember')) if (same(row['GroupId'] ?? null, id)) table('GroupMember').delete(key);
    },
    query: (soql) => {
      try {
        for (const licence of table('UserLicense').values())
          licence['UsedLicenses'] = rules.used(licence['Id'], [...table('User').values()]);
        return select(parseSoql(soql));
      } catch (error) {
        if (error instanceof MalformedQuery)
          throw new Refusal(400, 'MALFORMED_QUERY', `\n${soql}\n^\nERROR at Row:1:Column:1\n${error.message}`);
        throw error;
      }
    },
  };
}
