/** Accounts that nobody but a person at the target should touch: the target says so, or an administrator's list does. */
import { ConnectorError, type Account } from '../connectors/contract/connector.ts';
import { protectedMessage } from '../domain/correlation.ts';
import type { AccountAttributes, Target } from '../domain/vocabulary.ts';

type Known = Pick<Account, 'id' | 'attributes' | 'protectedAs'>;
type Protecting = Pick<Target, 'protectedAccounts' | 'matchingAttribute'>;

/** null: it is not protected. */
export function protectionOf(target: Protecting, account: Known): string | null {
  if (account.protectedAs) return account.protectedAs;
  if (target.protectedAccounts.length === 0) return null;
  const listed = target.protectedAccounts.map((each) => each.toLowerCase());
  const matches = valuesOf(account.attributes[target.matchingAttribute]).some((value) => listed.includes(value.toLowerCase()));
  return matches || target.protectedAccounts.includes(account.id) ? "on the connector's list of protected accounts" : null;
}

export function refuseProtected(target: Protecting, account: Known): void {
  const protectedAs = protectionOf(target, account);
  if (protectedAs !== null) throw new ConnectorError({ kind: 'rejected' }, protectedMessage(protectedAs));
}

/** An attribute's values as text; none where there is none. */
export function valuesOf(value: AccountAttributes[string] | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return typeof value === 'object' ? value : [String(value)];
}
