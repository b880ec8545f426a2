import type { AccountId } from '../../domain/vocabulary.ts';
import type { Json } from '../contract/answer.ts';
import { ConnectorError, type Account, type Call } from '../contract/connector.ts';
import { isCustomField, ownId } from './attributes.ts';
import type { Description } from './describe.ts';
import { hasCode, rejected } from './failures.ts';
import { inner, text } from './json.ts';
import { withSuffix } from './names.ts';
import { accountFrom, readableFields } from './record.ts';
import type { Rest } from './rest.ts';
import { anyOf, isId, longId, quoted } from './soql.ts';

export interface LookSettings {
  readonly ownIdField: string | null;
  readonly usePublicGroups: boolean;
  /** What is added to a username that is taken elsewhere; null: nothing. */
  readonly usernameSuffix: string | null;
}

export interface Look {
  readonly find: (attribute: string, value: string, call: Call) => Promise<readonly Account[]>;
  /** Throws `missing` where there is none. */
  readonly read: (id: AccountId, call: Call) => Promise<Account>;
  /** Whether somebody in this organisation has the username; what other organisations have cannot be seen. */
  readonly isUsernameHere: (username: string, call: Call) => Promise<boolean>;
  /** The id of the user's login and whether it is frozen; null where there is none. */
  readonly login: (id: AccountId, call: Call) => Promise<{ readonly id: string; readonly frozen: boolean } | null>;
  /** This connection keeps these custom fields: they are read from now on. */
  readonly watch: (names: Iterable<string>) => void;
}

const searching = { doing: 'searching users', writes: false, about: 'collection' } as const;
const reading = { doing: 'reading a user', writes: false, about: 'collection' } as const;
const readingLogin = { doing: 'reading whether a user is frozen', writes: false, about: 'collection' } as const;

/** Finds and reads users: the record with its profile and permission sets, whether its login is frozen, and its public groups. */
export function createLook(rest: Rest, description: Description, settings: LookSettings): Look {
  const { ownIdField } = settings;
  const custom = new Set<string>();

  async function users(condition: string, purpose: typeof searching | typeof reading, call: Call): Promise<readonly Json[]> {
    const ask = async (): Promise<readonly Json[]> => {
      const fields = readableFields(await description.read(call), ownIdField === null ? custom : [...custom, ownIdField]);
      return rest.query(`SELECT ${['Id', 'IsActive', ...fields].join(', ')}, ${around} FROM User WHERE ${condition}`, purpose, call);
    };
    try {
      return await ask();
    } catch (error) {
      // Somebody took a field away since the description was read.
      if (!hasCode(error, 'INVALID_FIELD')) throw error;
      description.forget();
      return ask();
    }
  }

  async function accounts(records: readonly Json[], call: Call): Promise<readonly Account[]> {
    const ids = records.map((record) => longId(text(record, 'Id') ?? ''));
    if (ids.length === 0) return [];
    const logins = await rest.query(`SELECT Id, UserId, IsFrozen FROM UserLogin WHERE ${anyOf('UserId', ids)}`, readingLogin, call);
    const frozen = new Set(logins.filter((login) => login['IsFrozen'] === true).map((login) => longId(text(login, 'UserId') ?? '')));
    const groups = settings.usePublicGroups ? await publicGroups(ids, call) : null;
    const ownUserId = await rest.ownUserId(call);
    return records.map((record, index) => {
      const id = ids[index] ?? '';
      const surroundings = { frozen: frozen.has(id), publicGroups: groups ? (groups.get(id) ?? []) : null, ownUserId };
      return accountFrom(record, surroundings, custom, ownIdField);
    });
  }

  async function publicGroups(ids: readonly string[], call: Call): Promise<ReadonlyMap<string, readonly string[]>> {
    const condition = `${anyOf('UserOrGroupId', ids)} AND Group.Type = 'Regular' ORDER BY Group.DeveloperName`;
    const members = await rest.query(`SELECT UserOrGroupId, Group.DeveloperName FROM GroupMember WHERE ${condition}`, reading, call);
    const names = new Map<string, readonly string[]>();
    for (const member of members) {
      const id = longId(text(member, 'UserOrGroupId') ?? '');
      const name = text(inner(member, 'Group'), 'DeveloperName');
      if (name !== null) names.set(id, [...(names.get(id) ?? []), name]);
    }
    return names;
  }

  async function find(attribute: string, value: string, call: Call): Promise<readonly Account[]> {
    const field = attribute === ownId ? ownIdField : attribute;
    if (field === null) throw rejected(ownId, 'The form names no field for our id, so users cannot be found by it.');
    // A username that had to be changed because another organisation has it is still that of the same user.
    const { usernameSuffix } = settings;
    const values = attribute === 'Username' && usernameSuffix !== null ? [value, withSuffix(value, usernameSuffix)] : [value];
    watch(attribute === ownId ? [] : [field]);
    const records = await users(anyOf(field, values), searching, call);
    // SOQL compares without regard to case; whether that is the same user is decided here.
    return accounts(
      records.filter((record) => values.some((one) => holds(record, field, one))),
      call,
    );
  }

  async function read(id: AccountId, call: Call): Promise<Account> {
    const records = isId(id, '005') ? await users(`Id = ${quoted(longId(id))}`, reading, call) : [];
    const [account] = await accounts(records, call);
    if (!account) throw new ConnectorError({ kind: 'missing' }, 'There is no user of this id.');
    return account;
  }

  async function isUsernameHere(username: string, call: Call): Promise<boolean> {
    const found = await rest.query(`SELECT Id, Username FROM User WHERE Username = ${quoted(username)}`, searching, call);
    return found.some((record) => holds(record, 'Username', username));
  }

  async function login(id: AccountId, call: Call): Promise<{ id: string; frozen: boolean } | null> {
    const [found] = await rest.query(`SELECT Id, IsFrozen FROM UserLogin WHERE UserId = ${quoted(longId(id))}`, readingLogin, call);
    const loginId = found ? text(found, 'Id') : null;
    return found && loginId !== null ? { id: loginId, frozen: found['IsFrozen'] === true } : null;
  }

  function watch(names: Iterable<string>): void {
    for (const name of names) if (isCustomField(name)) custom.add(name);
  }

  return { find, read, isUsernameHere, login, watch };
}

/** Usernames and addresses are compared as Salesforce keeps them unique: without regard to case. Ids of others say what they say. */
function holds(record: Json, field: string, value: string): boolean {
  const held = text(record, field);
  if (held === null) return false;
  return field === 'Username' || field === 'Email' ? held.toLowerCase() === value.toLowerCase() : held === value;
}

const permissions = ['PermissionsModifyAllData', 'PermissionsManageUsers'];
const ofSets = [
  'PermissionSetGroupId',
  'PermissionSet.Name',
  'PermissionSet.IsOwnedByProfile',
  ...permissions.map((name) => `PermissionSet.${name}`),
];
const around = [
  'Profile.Name',
  ...permissions.map((name) => `Profile.${name}`),
  'UserRole.Name',
  `(SELECT ${ofSets.join(', ')} FROM PermissionSetAssignments ORDER BY PermissionSet.Name)`,
].join(', ');
