import type { AccountId } from '../../domain/vocabulary.ts';
import { ConnectorError, type Call } from '../contract/connector.ts';
import type { JustMade } from './just-made.ts';
import type { Search } from './search.ts';

/**
 * What a 404 about an account means. Google answers it for accounts that are gone and for those it has just made. The engine makes a
 * new account for one that is `missing`, which Google would refuse for the address, so where its address is known (from having made it here,
 * or from what was last applied):
 * - `missing` for sure where Google lists it as deleted;
 * - not yet where it was made here within minutes, or where Google's search shows it.
 * Else `missing` as it is said of new accounts, too: how new this one is, the engine knows.
 */
export async function goneOrNotYet(
  id: AccountId,
  lastAddress: string | null,
  parts: { readonly justMade: JustMade; readonly search: Search },
  call: Call,
): Promise<ConnectorError> {
  const made = parts.justMade.addressOf(id);
  const address = made ?? lastAddress;
  if (address !== null && (await parts.search.idsAt(address, 'deleted', call)).includes(id)) {
    parts.justMade.forget(id);
    return new ConnectorError({ kind: 'missing' }, 'Google has no such account.');
  }
  if (made !== null) return notYet('Google does not show yet the account that it has just made.');
  if (lastAddress !== null && (await parts.search.idsAt(lastAddress, 'present', call)).includes(id))
    return notYet("Google's search shows the account, but the directory does not yet.");
  return new ConnectorError({ kind: 'missing' }, 'Google has no such account.', { saidOfNew: true });
}

function notYet(message: string): ConnectorError {
  return new ConnectorError({ kind: 'transient', mayHaveApplied: false }, message, { saidOfNew: true });
}
