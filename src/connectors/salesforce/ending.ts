import type { AccountId } from '../../domain/vocabulary.ts';
import { ConnectorError, type Call } from '../contract/connector.ts';
import { hasCode } from './failures.ts';
import type { Look } from './look.ts';
import { freedUsername, isFreed } from './names.ts';
import type { Fields } from './record.ts';
import type { Rest } from './rest.ts';
import { longId } from './soql.ts';
import type { Writer } from './write.ts';

export interface Ending {
  readonly deactivate: (id: AccountId, call: Call) => Promise<void>;
  readonly freeze: (id: AccountId, frozen: boolean, call: Call) => Promise<void>;
}

const deactivating = { doing: 'deactivating a user', writes: true, about: 'record' } as const;
const freezing = { doing: 'freezing or unfreezing a user', writes: true, about: 'record' } as const;

/** Ends a user's access: deactivated, which frees the licence, or frozen where Salesforce refuses that. */
export function createEnding(rest: Rest, look: Look, writer: Writer, freeUsername: boolean): Ending {
  async function freeze(id: AccountId, frozen: boolean, call: Call): Promise<void> {
    const login = await look.login(id, call);
    if (!login || login.frozen === frozen) return;
    await rest.run(freezing, call, async (connection) => connection.update('UserLogin', { Id: login.id, IsFrozen: frozen }));
  }

  async function deactivate(id: AccountId, call: Call): Promise<void> {
    try {
      const freed = freeUsername ? await freedFields(id, call) : {};
      await writer.patch(id, { IsActive: false, ...freed }, deactivating, call);
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      if (error.failure.kind !== 'rejected' || hasCode(error, ...misread)) throw error;
      // A default owner, the only administrator, the value of a hierarchy field: the access ends all the same.
      call.log('Salesforce refuses to deactivate the user, so it is frozen', { accountId: id, refusal: error.message });
      await freeze(id, true, call);
      if ((await look.login(id, call))?.frozen !== true) throw error;
    }
  }

  async function freedFields(id: AccountId, call: Call): Promise<Fields> {
    const username = String((await look.read(id, call)).attributes['Username'] ?? '');
    return isFreed(username, id) || username === '' ? {} : { Username: freedUsername(username, longId(id)) };
  }

  return { deactivate, freeze };
}

/** Refusals of the request as such and of us: freezing would meet the same. */
const misread = [
  'JSON_PARSER_ERROR',
  'INVALID_FIELD',
  'INVALID_TYPE',
  'MALFORMED_ID',
  'INSUFFICIENT_ACCESS',
  'INSUFFICIENT_ACCESS_OR_READONLY',
];
