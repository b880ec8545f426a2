/**
 * Lists that others add to as well: what Usher gives is noted before it is sent, so that it can be taken back though the answer was lost or
 * a part of it was refused. What was applied says only what came right. Start with noteOffer.
 */
import { difference, type MappedAttribute } from '../domain/mapping.ts';
import type { AccountAttributes, AccountValue } from '../domain/vocabulary.ts';
import type { Attempt } from './attempt.ts';

/** By attribute: what the account may have from attempts that failed. Empty where nothing is shared or noted. */
export async function offeredBefore({ house, leased, specs }: Attempt): Promise<AccountAttributes> {
  const { operation, user, target } = leased;
  const names = sharedNames(specs);
  if (names.length === 0) return {};
  const noted = await house.database.reads(operation.tenantId).find('offeredValue', { userId: user.id, targetId: target.id });
  return Object.fromEntries(
    names.flatMap((name) => {
      const values = noted.filter(({ attribute }) => attribute === name).map(({ value }) => value);
      return values.length > 0 ? [[name, values]] : [];
    }),
  );
}

/** Notes what is about to be given, in a transaction of its own; `known`: what was noted before. */
export async function noteOffer({ house, leased, specs }: Attempt, sent: AccountAttributes, known: AccountAttributes): Promise<void> {
  const { operation, user, target } = leased;
  const offers = sharedNames(specs).flatMap((attribute) =>
    listOf(sent[attribute])
      .filter((value) => !listOf(known[attribute]).includes(value))
      .map((value) => ({ userId: user.id, targetId: target.id, attribute, value })),
  );
  if (offers.length > 0) await house.database.transaction(operation.tenantId, (tx) => tx.insertMany('offeredValue', offers));
}

/** What Usher put there, or may have. */
export function withOffered(applied: AccountAttributes, offered: AccountAttributes): AccountAttributes {
  const joined = Object.entries(offered).map(([name, values]) => [name, [...new Set([...listOf(applied[name]), ...listOf(values)])]]);
  return { ...applied, ...(Object.fromEntries(joined) as AccountAttributes) };
}

/** What differs, and every list to which something was offered: only the target knows what came of that. */
export function differenceWithOffered(
  specs: readonly MappedAttribute[],
  wanted: AccountAttributes,
  applied: AccountAttributes,
  offered: AccountAttributes,
): AccountAttributes {
  const lists = Object.keys(offered).flatMap((name) => (wanted[name] === undefined ? [] : [[name, wanted[name]]]));
  return { ...difference(specs, wanted, applied), ...(Object.fromEntries(lists) as AccountAttributes) };
}

function sharedNames(specs: readonly MappedAttribute[]): readonly string[] {
  return specs.filter((spec) => spec.shared === true && spec.defaultMapping !== null).map(({ name }) => name);
}

function listOf(value: AccountValue | undefined): readonly string[] {
  return typeof value === 'object' && value !== null ? value : [];
}
