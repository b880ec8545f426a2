/**
 * An administrator removes a target that no outbound row names any more. Accounts stay as they are unless they are to be deprovisioned with
 * it: then the target takes no new work and goes when the last account has ended (docs/decisions: removing-a-connector-with-its-accounts).
 */
import { unfinishedStates, type Target, type TargetId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { endAssignments, endRemainingAccounts } from './end-assignments.ts';
import { eraseTarget } from './erase-target.ts';
import { done, inUse, invalid, notFound, type Outcome } from './outcome.ts';
import type { House, Reads, Transaction } from './ports.ts';

export const accountsOfRemoved = ['keep', 'deprovision'] as const;
/** What becomes of accounts when the setting that led to them is removed. */
export type AccountsOfRemoved = (typeof accountsOfRemoved)[number];
/**
 * How many accounts whoever removes the setting knows to end with it: up to so many pass the guard of their connectors. Absent or null: it
 * was not said, and many are held for somebody to confirm.
 */
export type ConfirmedAccounts = number | null;

export interface RemoveProvisioningConnectorInput {
  readonly id: TargetId;
  readonly accounts: AccountsOfRemoved;
  readonly confirmedAccounts?: ConfirmedAccounts;
}
export type RemovedProvisioningConnector =
  | { readonly kind: 'removed'; readonly id: TargetId }
  | { readonly kind: 'ending-accounts'; readonly target: Target; readonly accounts: number };

export async function removeProvisioningConnector(
  house: Pick<House, 'database' | 'clock'>,
  caller: Caller,
  input: RemoveProvisioningConnectorInput,
): Promise<Outcome<RemovedProvisioningConnector>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    const target = await tx.byId('target', input.id);
    if (!target) return notFound('provisioning connector', 'id');
    const users = await usersOf(tx, target);
    if (users) return inUse(`Outbound provisioning of ${users} names it: take its row out there first.`, 'id');
    if (input.accounts === 'keep') return removed(tx, target);

    const obstacle = await whyAccountsCannotEnd(tx, target);
    if (obstacle) return invalid({ path: ['accounts'], message: obstacle });
    if (typeof input.confirmedAccounts === 'number') tx.confirmEndings(input.confirmedAccounts);
    await endAssignments(tx, target, 'all');
    await endRemainingAccounts(tx, target);
    const accounts = await tx.count('operation', { targetId: target.id, state: unfinishedStates });
    if (accounts === 0) return removed(tx, target);
    const marked = await tx.change('target', target.id, { removalAskedAt: target.removalAskedAt ?? house.clock.now() });
    if (typeof marked === 'string') return notFound('provisioning connector', 'id');
    return done({ kind: 'ending-accounts', target: marked, accounts });
  });
}

async function removed(tx: Transaction, target: Target): Promise<Outcome<RemovedProvisioningConnector>> {
  await eraseTarget(tx, target);
  return done({ kind: 'removed', id: target.id });
}

/** Whose outbound rows name the target, in words. */
async function usersOf(reads: Reads, target: Target): Promise<string | null> {
  const rows = await reads.find('outboundRow', { targetId: target.id });
  if (rows.length === 0) return null;
  const ids = rows.flatMap((row) => (row.serviceProviderId === null ? [] : [row.serviceProviderId]));
  const providers = ids.length === 0 ? [] : await reads.find('serviceProvider', { id: ids.slice(0, 5) });
  const names = providers.map((provider) => `"${provider.name}"`);
  if (rows.some((row) => row.serviceProviderId === null)) names.unshift("the tenant's default");
  if (ids.length > 5) names.push(`${ids.length - 5} more`);
  return names.join(', ');
}

async function whyAccountsCannotEnd(reads: Reads, target: Target): Promise<string | null> {
  if (target.removal === 'leave') return 'Its removal setting leaves accounts alone: set it to deactivate or delete first.';
  if (!target.enabled) return 'It is disabled, so no account can end through it: enable it first, or keep the accounts.';
  const identityProvider = await reads.byId('identityProvider', target.identityProviderId);
  if (!identityProvider?.enabled)
    return 'Its identity provider is disabled, so no account can end through it: enable it first, or keep the accounts.';
  return null;
}
