/**
 * Google may answer 404 for seconds to minutes about what it has just made. This connection remembers for that long what it made itself,
 * so that such a 404 is not taken for the end of an account.
 */
export interface JustMade {
  remember(id: string, address: string): void;
  forget(id: string): void;
  /** Its address, where it was made here a short while ago. */
  addressOf(id: string): string | null;
}

const rememberedMs = 10 * 60_000;
const most = 5_000;

export function createJustMade(now: () => number): JustMade {
  const made = new Map<string, { readonly address: string; readonly until: number }>();
  return {
    remember: (id, address) => {
      // Oldest first, because a Map keeps the order.
      for (const [old, { until }] of made)
        if (until < now() || made.size >= most) made.delete(old);
        else break;
      made.set(id, { address, until: now() + rememberedMs });
    },
    forget: (id) => void made.delete(id),
    addressOf: (id) => {
      const entry = made.get(id);
      return entry && now() <= entry.until ? entry.address : null;
    },
  };
}
