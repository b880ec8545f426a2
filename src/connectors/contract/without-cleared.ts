import type { AccountAttributes } from '../../domain/vocabulary.ts';

/** Nothing to clear in an account that does not exist yet. */
export function withoutCleared(attributes: AccountAttributes): AccountAttributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
}
