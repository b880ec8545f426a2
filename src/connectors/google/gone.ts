import type { AccountId } from '../../domain/vocabulary.ts';
import { ConnectorError, type Call } from '../contract/connector.ts';
import type { JustMade } from './just-made.ts';
import type { Search } from './search.ts';

/**
 * What a 404 about an account means. Google answers it for accounts that are gone and for those it has just made. The engine makes a
 * new account for one that is `missing`, which Google would refuse for the address, so:
 * - made here within minutes: it is `missing` only if Google lists it as deleted; else Google has not caught up.
 * - otherwise, where its address is known (from what was last applied): `missing` unless Google's search still shows it.
 */
export async function goneOrNotYet(
  id: AccountId,
  lastAddress: string | null,
  parts: { readonly justMade: JustMade; readonly search: Search },
  call: Call,
): Promise<ConnectorError> {
  const address = parts.justMade.addressOf(id);
  if (address !== null) {
    const deleted = (await parts.search.idsAt(address, 'deleted', call)).includes(id);
    if (!deleted) return notYet('Google does not show yet the account that it has just made.');
    parts.justMade.forget(id);
  } else if (lastAddress !== null && (await parts.search.idsAt(lastAddress, 'present', call)).includes(id)) {
    return notYet("Google's search shows the account, but the directory does not yet.");
  }
  return new ConnectorError({ kind: 'missing' }, 'Google has no such account.');
}

function notYet(message: string): ConnectorError {
  return new ConnectorError({ kind: 'transient', mayHaveApplied: false }, message);
}
