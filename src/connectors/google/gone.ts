import type { AccountId } from '../../domain/vocabulary.ts';
import { ConnectorError, type Call } from '../contract/connector.ts';
import type { Search } from './search.ts';

/**
 * What a 404 about an account means. Google answers it for accounts that are gone and for those it has just made. The engine makes a
 * new account for one that is `missing`, which Google would refuse for the address, so where its address is known:
 * - `missing` for sure where Google lists it as deleted;
 * - not yet where Google's search shows it.
 * Else `missing` as it is said of new accounts, too: how new this one is, the engine knows.
 */
export async function goneOrNotYet(id: AccountId, lastAddress: string | null, search: Search, call: Call): Promise<ConnectorError> {
  if (lastAddress !== null) {
    if ((await search.idsAt(lastAddress, 'deleted', call)).includes(id))
      return new ConnectorError({ kind: 'missing' }, 'Google has no such account.');
    if ((await search.idsAt(lastAddress, 'present', call)).includes(id)) {
      const message = "Google's search shows the account, but the directory does not yet.";
      return new ConnectorError({ kind: 'transient', mayHaveApplied: false }, message, { saidOfNew: true });
    }
  }
  return new ConnectorError({ kind: 'missing' }, 'Google has no such account.', { saidOfNew: true });
}
