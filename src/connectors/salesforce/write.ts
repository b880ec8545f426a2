import type { AccountId } from '../../domain/vocabulary.ts';
import { isObject } from '../contract/answer.ts';
import { ConnectorError, type Call } from '../contract/connector.ts';
import { hasCode, unreadable, type Purpose } from './failures.ts';
import { text } from './json.ts';
import type { Look } from './look.ts';
import { nicknameFrom, withSuffix } from './names.ts';
import type { Fields } from './record.ts';
import type { Rest } from './rest.ts';
import { isId, longId } from './soql.ts';

export type ChangeableName = 'Username' | 'CommunityNickname';

export interface Writer {
  /** Creates the record of a user. A name that is taken is made anew once where it may be changed; a username as the form allows it. */
  readonly insert: (fields: Fields, mayChange: readonly ChangeableName[], call: Call) => Promise<AccountId>;
  /** Sets exactly these fields. Throws `missing` where there is no such user. */
  readonly patch: (id: AccountId, fields: Fields, purpose: Purpose, call: Call) => Promise<void>;
}

const creating = { doing: 'creating a user', writes: true, about: 'collection' } as const;

/** Writes records of users, and knows what to do about names that are taken. `suffix`: the form's ending for usernames; null: there is none. */
export function createWriter(rest: Rest, look: Look, suffix: string | null): Writer {
  async function insert(fields: Fields, mayChange: readonly ChangeableName[], call: Call): Promise<AccountId> {
    try {
      return await post(fields, call);
    } catch (error) {
      const username = String(fields['Username']);
      const without = (name: ChangeableName): readonly ChangeableName[] => mayChange.filter((one) => one !== name);
      if (hasCode(error, 'DUPLICATE_COMM_NICKNAME') && mayChange.includes('CommunityNickname'))
        return insert({ ...fields, CommunityNickname: nicknameFrom(username, true) }, without('CommunityNickname'), call);
      if (!hasCode(error, 'DUPLICATE_USERNAME')) throw error;
      if (!mayChange.includes('Username')) throw takenElsewhere(error, suffix);
      const other = await otherUsername(username, error, call);
      if (other === null) throw error;
      return insert({ ...fields, Username: other }, without('Username'), call);
    }
  }

  async function post(fields: Fields, call: Call): Promise<AccountId> {
    const answer = await rest.run(creating, call, async (connection) => connection.create('User', fields));
    const id = isObject(answer) ? text(answer, 'id') : null;
    if (id === null || !isId(id, '005')) throw unreadable(creating);
    return longId(id) as AccountId;
  }

  /** What to call the user instead; null where nothing helps because somebody in this very organisation has the name. */
  async function otherUsername(username: string, error: ConnectorError, call: Call): Promise<string | null> {
    if (await look.isUsernameHere(username, call)) return null;
    if (suffix === null) throw takenElsewhere(error, null);
    const other = withSuffix(username, suffix);
    return other === username || (await look.isUsernameHere(other, call)) ? null : other;
  }

  async function patch(id: AccountId, fields: Fields, purpose: Purpose, call: Call): Promise<void> {
    if (!isId(id, '005')) throw new ConnectorError({ kind: 'missing' }, 'There is no user of this id.');
    const send = (record: Fields): Promise<unknown> =>
      rest.run(purpose, call, async (connection) => connection.update('User', { Id: longId(id), ...record }));
    try {
      await send(fields);
    } catch (error) {
      const username = fields['Username'];
      if (typeof username !== 'string' || !hasCode(error, 'DUPLICATE_USERNAME')) throw error;
      if (await look.isUsernameHere(username, call)) throw error;
      if (suffix === null) throw takenElsewhere(error, null);
      await send({ ...fields, Username: withSuffix(username, suffix) });
    }
  }

  return { insert, patch };
}

function takenElsewhere(cause: ConnectorError, suffix: string | null): ConnectorError {
  const help =
    suffix === null
      ? 'Give the user another one, or let the connector add an ending ("When a username is taken elsewhere").'
      : 'With the ending of the connector it is taken as well.';
  const message = `The username is taken in an organisation of Salesforce that this one cannot see. ${help}`;
  return new ConnectorError({ kind: 'conflict', attribute: 'Username' }, message, { cause });
}
