import type { AccountId } from '../../domain/vocabulary.ts';
import type { Answer, Json } from '../contract/answer.ts';
import { ConnectorError, type Account, type Call, type Connector } from '../contract/connector.ts';
import { afterWrite } from '../contract/after-write.ts';
import { isMissing } from '../contract/missing.ts';
import { withoutCleared } from '../contract/without-cleared.ts';
import { keepAliases } from './aliases.ts';
import { understood, type ChangeParts } from './change.ts';
import { unreadable } from './failures.ts';
import { goneOrNotYet } from './gone.ts';
import { firstPassword } from './password.ts';
import { aboutAdministrators, aboutDomain } from './refusals.ts';
import { changeOf, sameAddress } from './resource.ts';
import { succeeded } from './transport.ts';

const creating = { doing: 'creating an account', writes: true };
const deleting = { doing: 'deleting an account', writes: true };
const restoring = { doing: 'restoring an account', writes: true };

export interface LifeSettings {
  /** Where new and restored accounts go that have no place of their own. */
  readonly orgUnitPath: string | null;
}

type Life = Required<Pick<Connector, 'create' | 'delete' | 'undelete'>>;

/** Makes accounts, ends them and brings them back. */
export function createLife(parts: ChangeParts, settings: LifeSettings, read: Connector['read']): Life {
  const { transport, search } = parts;

  const create: Life['create'] = async (given, call) => {
    const attributes = withoutCleared(given);
    const { changePasswordAtNextLogin } = attributes;
    const requestBody = {
      ...(settings.orgUnitPath === null ? {} : { orgUnitPath: settings.orgUnitPath }),
      ...changeOf(attributes, {}, {}).body,
      ...(typeof changePasswordAtNextLogin === 'boolean' ? { changePasswordAtNextLogin } : {}),
      password: firstPassword(),
    };
    const address = String(attributes['primaryEmail'] ?? '').toLowerCase();
    const account = await inserted(requestBody, address, call);
    return withAliases(account, attributes['aliases'] ?? null, call);
  };

  async function inserted(requestBody: Json, address: string, call: Call): Promise<Account> {
    const answer = await transport.send(creating, call, (directory, options) => directory.users.insert({ requestBody }, options));
    if (!succeeded(answer)) throw await notMade(answer, address, call);
    if (!answer.json) throw unreadable(answer.status, creating);
    return understood(answer.json, creating);
  }

  /** The account exists by now: whatever goes wrong with its aliases, it is linked. */
  async function withAliases(account: Account, wanted: Account['attributes'][string], call: Call): Promise<Account> {
    if (wanted === null) return account;
    try {
      const added = await keepAliases(transport, account.id, { wanted, present: null, applied: null }, call);
      return added ? { ...account, attributes: { ...account.attributes, aliases: wanted } } : account;
    } catch (error) {
      throw afterWrite(error, { accountId: account.id, active: true });
    }
  }

  async function notMade(answer: Answer, address: string, call: Call): Promise<ConnectorError> {
    const error = transport.failure(answer, creating);
    switch (error.failure.kind) {
      case 'missing':
        // The collection is always there: without it the address is wrong, or something stands in front of Google.
        return new ConnectorError({ kind: 'transient', mayHaveApplied: false }, error.message);
      case 'unauthorized':
        return aboutDomain(error, answer, address, parts.domain);
      case 'conflict': {
        const holder = await search.holderOf(address, call);
        const isItsName = holder && sameAddress(String(holder.attributes['primaryEmail']), address);
        const who = !holder ? 'The address is taken, by a group perhaps.' : isItsName ? '' : 'The address is an alias of another account.';
        return new ConnectorError({ kind: 'conflict', attribute: 'primaryEmail' }, `${error.message} ${who}`.trim());
      }
      case 'transient':
      case 'throttled':
      case 'rejected':
        return error;
    }
  }

  const remove: Life['delete'] = async (id, call) => {
    const answer = await transport.send(deleting, call, (directory, options) => directory.users.delete({ userKey: id }, options), {
      statusOnly: true,
    });
    if (succeeded(answer)) return;
    if (answer.status === 404) throw await goneOrNotYet(id, null, search, call);
    throw await aboutAdministrators(transport.failure(answer, deleting), answer, id, read, call);
  };

  const undelete: Life['undelete'] = async (id, call) => {
    const answer = await transport.send(restoring, call, (directory, options) =>
      directory.users.undelete({ userKey: id, requestBody: { orgUnitPath: settings.orgUnitPath ?? '/' } }, options),
    );
    if (!succeeded(answer)) return stillThere(id, answer, call);
    try {
      return await read(id, call);
    } catch (error) {
      throw afterWrite(error, { accountId: id, active: true });
    }
  };

  /** What is not deleted cannot be restored: perhaps the answer to an earlier try was lost. */
  async function stillThere(id: AccountId, answer: Answer, call: Call): Promise<Account> {
    const error = transport.failure(answer, restoring);
    const maybeThere = [400, 404, 409, 412].includes(answer.status);
    if (!maybeThere) throw error;
    try {
      return await read(id, call);
    } catch (absent) {
      if (!isMissing(absent)) throw absent;
      if (error.failure.kind === 'conflict') throw error;
      throw new ConnectorError(
        { kind: 'missing' },
        'Google cannot restore the account: it was deleted more than 20 days ago, or its address is in use again.',
      );
    }
  }

  return { create, delete: remove, undelete };
}
