/** Forgets logins that were decided long ago: what somebody was refused for months ago helps nobody, and passers-by can add to them. */
import { forgetOld } from './forget-old.ts';
import type { House } from './ports.ts';

/** Those of all tenants that began before this. Returns how many. */
export function forgetLoginAttempts(house: Pick<House, 'database' | 'log'>, before: Date): Promise<number> {
  return forgetOld(house, 'loginAttempt', before, ({ state }) => state !== 'held');
}
