import type { AccountAttributes, AccountId, AccountValue } from '../../domain/vocabulary.ts';
import { ConnectorError, type Account, type Call } from '../contract/connector.ts';
import { afterWrite } from '../contract/after-write.ts';
import { unlessMissing } from '../contract/missing.ts';
import { withoutCleared } from '../contract/without-cleared.ts';
import type { Description } from './describe.ts';
import { createEnding } from './ending.ts';
import { rejected } from './failures.ts';
import type { Look } from './look.ts';
import { changeMembership, type Membership } from './memberships.ts';
import { aliasFrom, isFreed, nicknameFrom, usernameBefore } from './names.ts';
import { fieldsFrom, type Fields } from './record.ts';
import type { References } from './references.ts';
import type { Rest } from './rest.ts';
import { createWriter } from './write.ts';

export interface ChangeSettings {
  readonly ownIdField: string | null;
  readonly usePublicGroups: boolean;
  readonly usernameSuffix: string | null;
  readonly freeUsername: boolean;
  readonly profile: string | null;
  /** For the fields that Salesforce wants and nobody gives. */
  readonly defaults: Fields;
}

interface Parts {
  readonly rest: Rest;
  readonly look: Look;
  readonly references: References;
  readonly description: Description;
  readonly settings: ChangeSettings;
}

export interface Users {
  readonly create: (attributes: AccountAttributes, call: Call) => Promise<Account>;
  readonly update: (id: AccountId, attributes: AccountAttributes, call: Call, applied?: AccountAttributes) => Promise<Account>;
  readonly deactivate: (id: AccountId, call: Call) => Promise<void>;
}

const changing = { doing: 'changing a user', writes: true, about: 'record' } as const;

/** Creates users, changes them and ends their access. A user is never deleted: Salesforce cannot. */
export function createUsers(parts: Parts): Users {
  const { rest, look, references, description, settings } = parts;
  const writer = createWriter(rest, look, settings.usernameSuffix);
  const ending = createEnding(rest, look, writer, settings.freeUsername);

  async function create(given: AccountAttributes, call: Call): Promise<Account> {
    const attributes = withoutCleared(given);
    look.watch(Object.keys(attributes));
    // What the user refers to is found first: nothing is left half made because a name is wrong.
    const fields = await wholeRecord(attributes, call);
    const wanted = memberships(attributes);
    for (const [kind, names] of wanted) await references.idsOf(kind, names ?? [], call);
    const isGiven = attributes['CommunityNickname'] !== undefined;
    const id = await writer.insert(fields, isGiven ? ['Username'] : ['Username', 'CommunityNickname'], call);
    try {
      for (const [kind, names] of wanted) await changeMembership(parts, kind, id, { wanted: names ?? [], applied: undefined }, call);
      return await look.read(id, call);
    } catch (error) {
      throw await endHalfMade(id, error, call);
    }
  }

  async function wholeRecord(attributes: AccountAttributes, call: Call): Promise<Fields> {
    const fields = fieldsFrom(attributes, await description.read(call), settings.ownIdField);
    const [username, last, first] = ['Username', 'LastName', 'FirstName'].map((name) => fields[name]);
    const profile = textOf(attributes['profile']) ?? settings.profile;
    if (profile === null)
      throw rejected(
        'profile',
        'No profile is given for the user: choose one in the form of the connector, or map the attribute "profile".',
      );
    const made = {
      Alias: aliasFrom(typeof first === 'string' ? first : null, String(last ?? '')),
      CommunityNickname: nicknameFrom(String(username ?? ''), false),
    };
    return { ...settings.defaults, ...made, ...fields, ...(await referenceFields({ ...attributes, profile }, call)), IsActive: true };
  }

  async function referenceFields(attributes: AccountAttributes, call: Call): Promise<Fields> {
    const fields: Record<string, string | null> = {};
    const [profile, role] = [textOf(attributes['profile']), attributes['role']];
    if (profile !== null) fields['ProfileId'] = (await references.idsOf('profile', [profile], call))[0] ?? null;
    if (role !== undefined)
      fields['UserRoleId'] = role === null ? null : ((await references.idsOf('role', [String(role)], call))[0] ?? null);
    return fields;
  }

  function memberships(attributes: AccountAttributes): readonly (readonly [Membership, readonly string[] | null])[] {
    const kinds = (['permissionSets', 'publicGroups'] as const).filter((kind) => attributes[kind] !== undefined);
    if (kinds.includes('publicGroups') && !settings.usePublicGroups)
      throw rejected(
        'publicGroups',
        'Public groups are mapped, but "Public groups by mapping" is switched off in the form of the connector.',
      );
    return kinds.map((kind) => [kind, listOf(attributes[kind])]);
  }

  /** The user exists but cannot be made right: its access ends until somebody has mended the cause. Returns what to throw. */
  async function endHalfMade(id: AccountId, error: unknown, call: Call): Promise<unknown> {
    const isHopeless = error instanceof ConnectorError && ['rejected', 'conflict'].includes(error.failure.kind);
    if (!isHopeless) return afterWrite(error, { accountId: id, active: true });
    call.log('a user that could not be completed is deactivated', { accountId: id });
    try {
      await unlessMissing(ending.deactivate(id, call));
      return afterWrite(error, { accountId: id, active: false });
    } catch (cause) {
      if (!(cause instanceof ConnectorError)) throw cause;
      call.log('deactivating it failed as well', { accountId: id, failure: cause.message });
      const message = `${error.message} The user was made, and deactivating it until that is mended failed as well: ${cause.message}`;
      return new ConnectorError(error.failure, message, { cause: error, written: { accountId: id, active: true } });
    }
  }

  async function update(id: AccountId, attributes: AccountAttributes, call: Call, applied: AccountAttributes = {}): Promise<Account> {
    look.watch(Object.keys(attributes));
    const wanted = memberships(attributes);
    const fields = {
      ...fieldsFrom(neverEmpty(attributes), await description.read(call), settings.ownIdField),
      ...(await referenceFields(attributes, call)),
    };
    await writer.patch(id, { ...fields, IsActive: true }, changing, call);
    try {
      for (const [kind, names] of wanted) await changeMembership(parts, kind, id, { wanted: names ?? [], applied: applied[kind] }, call);
      return await backWhole(await look.read(id, call), fields, applied['Username'], call);
    } catch (error) {
      throw afterWrite(error, { accountId: id, active: true });
    }
  }

  /** What Salesforce wants of every user cannot be cleared: it goes back to the form's default, or stays as it is. */
  function neverEmpty(attributes: AccountAttributes): AccountAttributes {
    const kept = Object.entries(attributes).filter(([name, value]) => value !== null || !['Alias', 'CommunityNickname'].includes(name));
    return Object.fromEntries(kept.map(([name, value]) => [name, value ?? settings.defaults[name] ?? null]));
  }

  /** It was made active a moment ago, so what is inactive is frozen; and who comes back gets the username that was freed at the departure. */
  async function backWhole(account: Account, sent: Fields, applied: AccountValue | undefined, call: Call): Promise<Account> {
    const { id } = account;
    const username = String(account.attributes['Username'] ?? '');
    const isToRestore = settings.freeUsername && sent['Username'] === undefined && isFreed(username, id);
    if (account.active && !isToRestore) return account;
    if (!account.active) await ending.freeze(id, false, call);
    if (isToRestore) {
      const before = textOf(applied) ?? usernameBefore(username, id);
      if (before === null) throw rejected('Username', 'The username was freed at the departure and is too long to be known. Map it again.');
      await writer.patch(id, { Username: before }, changing, call);
    }
    return look.read(id, call);
  }

  return { create, update, deactivate: ending.deactivate };
}

function textOf(value: AccountValue | undefined): string | null {
  if (value === undefined || value === null || typeof value === 'object') return null;
  return String(value).trim() === '' ? null : String(value).trim();
}

function listOf(value: AccountValue | undefined): readonly string[] | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? value : [String(value)];
}
