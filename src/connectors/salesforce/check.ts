import { ConnectorError, type Call, type CheckProblem } from '../contract/connector.ts';
import { describing, type Description, type UserFields } from './describe.ts';
import { inner, listOf, text } from './json.ts';
import type { Fields } from './record.ts';
import type { References } from './references.ts';
import type { Rest } from './rest.ts';
import { quoted } from './soql.ts';
import { TokenRefused, type RefusalField } from './token.ts';

export interface CheckSettings {
  readonly apiVersion: string;
  readonly ownIdField: string | null;
  readonly profile: string | null;
  readonly defaults: Fields;
  /** Fields of the form, to be blamed for what the token endpoint says. */
  readonly blamed: Readonly<Record<RefusalField, string | null>>;
}

interface Parts {
  readonly rest: Rest;
  readonly description: Description;
  readonly references: References;
}

/** Field of the form for each field of User that has a default there. */
export const defaultFields = {
  TimeZoneSidKey: 'timeZone',
  LocaleSidKey: 'locale',
  EmailEncodingKey: 'emailEncoding',
  LanguageLocaleKey: 'language',
} as const;

const few = 5;

/** Proves token, version, privileges and what the form says of new users, by reading only. */
export async function check(parts: Parts, settings: CheckSettings, call: Call): Promise<readonly CheckProblem[]> {
  try {
    const versions = listOf(await parts.rest.run(describing, call, async (connection) => connection.requestGet('/services/data')));
    const known = versions.flatMap((version) => text(version, 'version') ?? []);
    if (known.length > 0 && !known.includes(settings.apiVersion)) return [noSuchVersion(settings.apiVersion, known.at(-1) ?? '')];
    const fields = await parts.description.read(call);
    return [
      ...wrongDefaults(fields, settings.defaults),
      ...wrongOwnIdField(fields, settings.ownIdField),
      ...(await wrongProfile(parts, settings.profile, call)),
      ...(await lackingPrivileges(parts, call)),
    ];
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return [{ field: blamed(error, settings), message: error.message }];
  }
}

function wrongDefaults(fields: UserFields, defaults: Fields): readonly CheckProblem[] {
  return Object.entries(defaultFields).flatMap(([name, field]) => {
    const choices = fields.get(name.toLowerCase())?.choices ?? [];
    const value = String(defaults[name]);
    if (choices.length === 0 || choices.includes(value)) return [];
    const meant = choices.find((choice) => choice.toLowerCase() === value.replace('-', '_').toLowerCase());
    return [{ field, message: `The organisation does not know "${value}"${meant === undefined ? '' : `; "${meant}" perhaps?`}.` }];
  });
}

function wrongOwnIdField(fields: UserFields, name: string | null): readonly CheckProblem[] {
  if (name === null) return [];
  const field = fields.get(name.toLowerCase());
  if (!field) return [{ field: 'ownIdField', message: 'User has no such field, or the integration user may not see it.' }];
  if (!['string', 'textarea'].includes(field.type)) return [{ field: 'ownIdField', message: 'The field is no text field.' }];
  return field.writable ? [] : [{ field: 'ownIdField', message: 'The integration user may not write this field.' }];
}

/** The profile exists, and its user licence has something left. */
async function wrongProfile({ rest, references }: Parts, profile: string | null, call: Call): Promise<readonly CheckProblem[]> {
  if (profile === null) return [];
  const [id] = await references.knownIdsOf('profile', [profile], call);
  if (id === undefined)
    return [{ field: 'profile', message: 'The organisation has no such profile, or the integration user may not see it.' }];
  const soql = `SELECT Id, UserLicense.Name, UserLicense.TotalLicenses, UserLicense.UsedLicenses FROM Profile WHERE Id = ${quoted(id)}`;
  const [found] = await rest.query(soql, { doing: 'reading the profile', writes: false, about: 'collection' }, call);
  const licence = found ? inner(found, 'UserLicense') : null;
  const [total, used] = [licence?.['TotalLicenses'], licence?.['UsedLicenses']];
  if (typeof total !== 'number' || typeof used !== 'number' || total < 0) return [];
  const left = Math.max(0, total - used);
  if (left < few) call.log('few user licences are left for the profile', { left, total });
  return left > 0 ? [] : [{ field: 'profile', message: `All ${String(total)} licences of this profile's user licence are in use.` }];
}

async function lackingPrivileges({ rest }: Parts, call: Call): Promise<readonly CheckProblem[]> {
  const own = await rest.ownUserId(call);
  if (own === null) return [];
  const assigned = await rest.query(
    `SELECT Id FROM PermissionSetAssignment WHERE AssigneeId = ${quoted(own)} AND PermissionSet.PermissionsManageUsers = true`,
    { doing: 'reading the privileges of the integration user', writes: false, about: 'collection' },
    call,
  );
  if (assigned.length > 0) return [];
  const [profile] = await rest.query(
    `SELECT Id FROM User WHERE Id = ${quoted(own)} AND Profile.PermissionsManageUsers = true`,
    { doing: 'reading the privileges of the integration user', writes: false, about: 'collection' },
    call,
  );
  return profile ? [] : [{ field: null, message: 'The integration user lacks the permission "Manage Users".' }];
}

function noSuchVersion(asked: string, newest: string): CheckProblem {
  return { field: 'apiVersion', message: `The organisation has no API version ${asked}; the newest is ${newest}.` };
}

function blamed(error: ConnectorError, { blamed: fields }: CheckSettings): string | null {
  if (error instanceof TokenRefused) return fields[error.field];
  const { kind } = error.failure;
  if (kind === 'unauthorized') return /private key/.test(error.message) ? fields.credential : /API/.test(error.message) ? null : 'loginUrl';
  // A server that fails is nobody's setting; one that cannot be reached may be.
  return kind === 'transient' && !/answered/.test(error.message) ? 'loginUrl' : null;
}
