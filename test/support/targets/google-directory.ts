/**
 * The directory of the fake Google: users, groups and members in memory, with the rules that a provisioning client meets. It knows
 * nothing of HTTP. One address belongs to one user, alias or group; a deleted user keeps its id and frees its addresses.
 */
import { randomInt } from 'node:crypto';
import { refusals } from './google-errors.ts';
import { denial, hidingFor, type Hiding, type HidingOptions } from './google-hiding.ts';
import { createGroupBook, removeFrom as remove, type DirectoryGroup } from './google-group-book.ts';

export type Resource = Record<string, unknown> & { readonly id: string };
export interface DirectoryUser extends Hiding {
  readonly id: string;
  resource: Resource & { primaryEmail: string };
  readonly aliases: string[];
  deletedAt: number | null;
  version: number;
  /** Every password that was ever set, at create and later. */
  readonly passwords: string[];
}

export interface DirectoryOptions {
  readonly domains: readonly string[];
  readonly orgUnits: readonly string[];
  readonly now: () => number;
}

const twentyDays = 20 * 24 * 3_600_000;
const readOnly = [
  'id',
  'etag',
  'kind',
  'aliases',
  'isAdmin',
  'isDelegatedAdmin',
  'suspensionReason',
  'deletionTime',
  'creationTime',
  'emails',
];
const lists = ['phones', 'organizations', 'externalIds', 'relations', 'addresses', 'locations', 'keywords', 'ims', 'websites'];

export type Directory = ReturnType<typeof createDirectory>;

export function createDirectory(options: DirectoryOptions) {
  const users = new Map<string, DirectoryUser>();
  const groups = new Map<string, DirectoryGroup>();
  let userLimit = Infinity;
  let newIsHidden = hidingFor(0);

  const live = (): DirectoryUser[] => [...users.values()].filter((user) => user.deletedAt === null);

  function holder(address: string): DirectoryUser | DirectoryGroup | null {
    const wanted = address.toLowerCase();
    const has = (own: string, aliases: readonly string[]): boolean => own === wanted || aliases.includes(wanted);
    return (
      live().find((user) => has(user.resource.primaryEmail, user.aliases)) ??
      [...groups.values()].find((group) => has(group.email, group.aliases)) ??
      null
    );
  }

  function checkAddress(value: unknown): string {
    const address = String(value).toLowerCase();
    const [local, domain] = [address.slice(0, address.lastIndexOf('@')), address.slice(address.lastIndexOf('@') + 1)];
    if (!/^[a-z0-9._'-]{1,64}$/.test(local) || !/^[a-z0-9.-]+$/.test(domain)) throw refusals.primaryEmail();
    if (!options.domains.includes(domain)) throw refusals.notAuthorized();
    return address;
  }

  /** By id, primary address or alias; hidden while Google has not caught up. */
  function user(key: string): DirectoryUser {
    const found = users.get(key) ?? live().find(({ resource, aliases }) => [resource.primaryEmail, ...aliases].includes(key.toLowerCase()));
    if (!found || found.deletedAt !== null) throw refusals.notFound('userKey');
    const denied = denial(found, 'userKey');
    if (denied) throw denied;
    return found;
  }

  function checkFields(body: Record<string, unknown>): void {
    const name = body['name'] as Record<string, unknown> | undefined;
    if (
      name &&
      'familyName' in name &&
      (typeof name['familyName'] !== 'string' || name['familyName'] === '' || name['familyName'].length > 60)
    )
      throw refusals.familyName();
    if (name && 'givenName' in name && (typeof name['givenName'] !== 'string' || name['givenName'] === '' || name['givenName'].length > 60))
      throw refusals.givenName();
    if ('orgUnitPath' in body && !options.orgUnits.includes(String(body['orgUnitPath']))) throw refusals.orgUnit();
    const phone = body['recoveryPhone'];
    if (typeof phone === 'string' && phone !== '' && !/^\+\d{5,15}$/.test(phone)) throw refusals.recoveryPhone();
    const password = body['password'];
    if (
      password !== undefined &&
      !('hashFunction' in body) &&
      !(typeof password === 'string' && password.length >= 8 && password.length <= 100)
    )
      throw refusals.password();
    for (const list of lists) if (list in body && body[list] !== null && !Array.isArray(body[list])) throw refusals.invalid(list);
  }

  function insertUser(body: Record<string, unknown>): DirectoryUser {
    const name = (body['name'] ?? {}) as Record<string, unknown>;
    if (body['primaryEmail'] === undefined) throw refusals.primaryEmail();
    if (name['familyName'] === undefined) throw refusals.familyName();
    if (name['givenName'] === undefined) throw refusals.givenName();
    if (body['password'] === undefined) throw refusals.password();
    checkFields(body);
    const primaryEmail = checkAddress(body['primaryEmail']);
    if (holder(primaryEmail)) throw refusals.duplicate();
    if (live().length >= userLimit) throw refusals.userLimit();
    const id = newId();
    const made: DirectoryUser = {
      id,
      resource: {
        kind: 'admin#directory#user',
        id,
        primaryEmail,
        orgUnitPath: '/',
        suspended: false,
        isAdmin: false,
        isDelegatedAdmin: false,
        creationTime: new Date(options.now()).toISOString(),
      },
      aliases: [],
      deletedAt: null,
      ...newIsHidden,
      version: 1,
      passwords: [],
    };
    write(made, { ...body, primaryEmail }, true);
    users.set(id, made);
    return made;
  }

  /** PATCH ignores null and an empty list, update clears by null and ignores an empty list (google-api-dotnet-client #861). */
  function changeUser(found: DirectoryUser, body: Record<string, unknown>, clearsByNull: boolean): void {
    checkFields(body);
    if (body['primaryEmail'] !== undefined) {
      const address = checkAddress(body['primaryEmail']);
      const other = holder(address);
      if (other && other.id !== found.id) throw refusals.duplicate();
      rename(found, address);
    }
    write(found, body, clearsByNull);
    found.version += 1;
  }

  /** The old address stays as an alias. */
  function rename(found: DirectoryUser, address: string): void {
    const before = found.resource.primaryEmail;
    if (address === before) return;
    remove(found.aliases, address);
    found.aliases.push(before);
    found.resource = { ...found.resource, primaryEmail: address };
  }

  function write(found: DirectoryUser, body: Record<string, unknown>, clearsByNull: boolean): void {
    const resource: Record<string, unknown> = { ...found.resource };
    for (const [name, value] of Object.entries(body)) {
      if (readOnly.includes(name) || name === 'primaryEmail' || name === 'hashFunction') continue;
      if (name === 'password') found.passwords.push(String(value));
      else if (value === null) {
        if (clearsByNull) Reflect.deleteProperty(resource, name);
      } else if (Array.isArray(value)) {
        if (value.length > 0) resource[name] = value;
      } else if (name === 'name' || name === 'customSchemas') resource[name] = merged(resource[name], value, clearsByNull);
      else if (value === '') Reflect.deleteProperty(resource, name);
      else resource[name] = value;
    }
    if (resource['suspended'] === true) resource['suspensionReason'] = 'ADMIN';
    else Reflect.deleteProperty(resource, 'suspensionReason');
    const name = resource['name'] as Record<string, unknown>;
    resource['name'] = { ...name, fullName: `${String(name['givenName'])} ${String(name['familyName'])}` };
    found.resource = { ...(resource as DirectoryUser['resource']), primaryEmail: found.resource.primaryEmail };
  }

  function deleteUser(found: DirectoryUser): void {
    found.deletedAt = options.now();
    for (const { members } of groups.values()) members.delete(found.id);
  }

  /** By id only, within 20 days, unless the address is in use again. What Google answers then is from memory. */
  function undeleteUser(id: string, orgUnitPath: unknown): void {
    const found = users.get(id);
    if (!found || (found.deletedAt !== null && options.now() - found.deletedAt > twentyDays)) throw refusals.notFound('userKey');
    if (found.deletedAt === null) throw refusals.invalid('user is not deleted');
    if (holder(found.resource.primaryEmail)) throw refusals.duplicate();
    found.deletedAt = null;
    found.resource = { ...found.resource, orgUnitPath: typeof orgUnitPath === 'string' ? orgUnitPath : '/' };
  }

  function addAlias(found: DirectoryUser, value: unknown): void {
    const alias = checkAddress(value);
    if (holder(alias)) throw refusals.duplicate();
    found.aliases.push(alias);
    found.version += 1;
  }

  function removeAlias(found: DirectoryUser, alias: string): void {
    if (!remove(found.aliases, alias.toLowerCase())) throw refusals.notFound('alias');
    found.version += 1;
  }

  const groupCalls = createGroupBook({ users, groups, live, holder, checkAddress, hiding: () => newIsHidden });

  return {
    users,
    groups,
    ...groupCalls,
    live,
    holder,
    user,
    insertUser,
    changeUser,
    deleteUser,
    undeleteUser,
    addAlias,
    removeAlias,
    limitUsers: (limit: number) => void (userLimit = limit),
    /** What is made from now on does not show for so many looks: searches catch up with them, or after a number of their own. */
    hideNew: (looks: number, more: HidingOptions = {}) => void (newIsHidden = hidingFor(looks, more)),
    /** Everything shows. */
    showAll: () => {
      newIsHidden = hidingFor(0);
      for (const entry of [...users.values(), ...groups.values()]) Object.assign(entry, hidingFor(0));
    },
    clear: () => {
      users.clear();
      groups.clear();
      userLimit = Infinity;
      newIsHidden = hidingFor(0);
    },
  };
}

/** A user as the API shows it: no password, no empty lists. */
export function shown(user: DirectoryUser): Record<string, unknown> {
  return {
    ...user.resource,
    etag: `"kit/${String(user.version)}"`,
    ...(user.aliases.length > 0 ? { aliases: [...user.aliases] } : {}),
    ...(user.deletedAt === null ? {} : { deletionTime: new Date(user.deletedAt).toISOString() }),
    emails: [{ address: user.resource.primaryEmail, primary: true }],
  };
}

function merged(before: unknown, value: unknown, clearsByNull: boolean): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const result: Record<string, unknown> = { ...(before as Record<string, unknown> | undefined) };
  for (const [name, inner] of Object.entries(value)) {
    if (inner === null) {
      if (clearsByNull) Reflect.deleteProperty(result, name);
    } else result[name] = merged(result[name], inner, clearsByNull);
  }
  return result;
}

/** 21 digits, as Google's are: too many for a number. */
function newId(): string {
  return `1${Array.from({ length: 20 }, () => String(randomInt(10))).join('')}`;
}
