import type { AccountAttributes, AccountId } from '../../domain/vocabulary.ts';
import type { Answer } from '../contract/answer.ts';
import { ConnectorError, type Account, type Call, type Connector, type ConnectorTools } from '../contract/connector.ts';
import { afterWrite } from '../contract/after-write.ts';
import { withoutCleared } from '../contract/without-cleared.ts';
import { accountOf, createAccounts, type ChangeSettings } from './change.ts';
import { check } from './check.ts';
import { createCredentials, type Authentication } from './credentials.ts';
import { createDiscovery } from './discovery.ts';
import { unreadable } from './failures.ts';
import { firstPassword, type PasswordProvisioning } from './first-password.ts';
import { createGroups } from './groups.ts';
import { userWith } from './resource.ts';
import type { SearchSettings } from './listing.ts';
import { createSearch } from './search.ts';
import { createTransport, idFrom, isPage, userPath } from './transport.ts';

export interface ScimSettings extends SearchSettings, ChangeSettings {
  readonly baseUrl: string;
  readonly authentication: Authentication;
  /** Field of the form that holds the secret, to be blamed where it is refused. */
  readonly secretField: string;
  readonly passwordProvisioning: PasswordProvisioning;
  /** Usher fills groups there: the check proves that there are some. */
  readonly groups: boolean;
}

const creating = { doing: 'creating an account', writes: true };
const deleting = { doing: 'deleting an account', writes: true };

export function openScim(settings: ScimSettings, tools: ConnectorTools): Connector {
  const transport = createTransport(settings.baseUrl, createCredentials(settings.authentication, tools), tools);
  const features = createDiscovery(transport);
  const accounts = createAccounts(transport, settings, features);
  const search = createSearch(transport, settings, features);

  async function create(attributes: AccountAttributes, call: Call): Promise<Account> {
    const body = { ...userWith({}, withoutCleared(attributes), true), ...firstPassword(settings.passwordProvisioning) };
    const answer = await transport.send({ method: 'POST', path: 'Users', body }, creating, call);
    if (answer.status >= 200 && answer.status < 300) return created(answer, call);
    // The collection is always there: without it the address is wrong, or something stands in front of the server.
    if (answer.status === 404 || answer.status === 405 || answer.status === 410)
      throw new ConnectorError({ kind: 'transient', mayHaveApplied: false }, transport.failure(answer, creating).message);
    const failure = transport.failure(answer, creating);
    const { userName } = attributes;
    if (failure.failure.kind === 'conflict' && typeof userName === 'string') search.doubt(userName);
    throw failure;
  }

  /** The new account has the id that the server gave it: in the answer, or in the address of the answer. Never one of our making. */
  async function created(answer: Answer, call: Call): Promise<Account> {
    const located = idFrom(answer.headers['location'], 'Users') as AccountId | null;
    if (answer.json) return accountOf(answer.json, located, creating);
    if (located === null) throw unreadable(answer.status, creating);
    try {
      return await accounts.read(located, call);
    } catch (error) {
      throw afterWrite(error, { accountId: located, active: true });
    }
  }

  async function deactivate(id: AccountId, call: Call): Promise<void> {
    const account = await accounts.change(id, {}, false, call);
    // Some servers say yes and do nothing. Access that was not ended must not count as ended.
    if (account.active) throw new ConnectorError({ kind: 'rejected' }, 'The server accepted the change but left the account active.');
  }

  async function remove(id: AccountId, call: Call): Promise<void> {
    const answer = await transport.send({ method: 'DELETE', path: userPath(id), statusOnly: true }, deleting, call);
    const page = isPage(answer);
    if (answer.status >= 200 && answer.status < 300 && !page) return;
    if (answer.status === 500 && !(await accounts.exists(id, call))) throw new ConnectorError({ kind: 'missing' }, 'The account is gone.');
    throw page && answer.status < 300 ? unreadable(answer.status, deleting) : transport.failure(answer, deleting);
  }

  return {
    check: (call) => check(transport, features, settings, call),
    find: search.find,
    read: accounts.read,
    create,
    update: (id, attributes, call) => accounts.change(id, attributes, true, call),
    deactivate,
    delete: remove,
    groups: createGroups(transport, settings, features, accounts),
  };
}
