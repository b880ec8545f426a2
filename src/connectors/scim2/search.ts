import type { Account, Connector } from '../contract/connector.ts';
import type { Features } from './discovery.ts';
import { equals, holds, isAwkward } from './filter.ts';
import { createListing, type SearchSettings } from './listing.ts';
import { accountFrom } from './resource.ts';
import type { Transport } from './transport.ts';

export interface Search {
  readonly find: Connector['find'];
  /** The server says that this name is taken: an empty answer for it must not be believed at the next look. */
  readonly doubt: (userName: string) => void;
}

/** Finds accounts by exact value. */
export function createSearch(transport: Transport, settings: SearchSettings, features: (signal: AbortSignal) => Promise<Features>): Search {
  const users = { path: 'Users', plural: 'accounts', read: (user: Parameters<typeof accountFrom>[0]) => accountFrom(user) } as const;
  const listing = createListing<Account>(users, transport, settings, features);
  // Names that a create found taken. A filter that compares by case does not show an account that differs from us in case only.
  const doubted = new Set<string>();

  return {
    find: async (attribute, value, call) => {
      // Some servers compare userName by case although the schema says otherwise; many store it in lower case.
      const lower = value.toLowerCase();
      const spellings = attribute !== 'externalId' && lower !== value ? [value, lower] : [value];
      const isName = attribute === 'userName';
      const promised = isName || (await features(call.signal)).filter === true;
      const found = await listing(
        {
          filters: spellings.map((spelling) => equals(attribute, spelling)),
          matches: (account) => holds(account, attribute, value),
          awkward: isAwkward(value),
          doubtful: isAwkward(value) || !promised || (isName && doubted.has(lower)),
          ordinary: isName,
          attribute,
        },
        call,
      );
      if (isName) doubted.delete(lower);
      return found;
    },
    doubt: (userName) => {
      if (doubted.size >= 1_000) doubted.clear();
      doubted.add(userName.toLowerCase());
    },
  };
}
