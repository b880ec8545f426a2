/**
 * An administrator removes a service provider. Nobody's account is touched unless asked for: people whom it had assigned stay assigned
 * because of the tenant's defaults, so that their later changes and their removal still reach their accounts.
 */
import type { ServiceProviderId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { endAssignments } from './end-assignments.ts';
import { done, notFound, type Outcome } from './outcome.ts';
import type { House, Transaction } from './ports.ts';
import type { AccountsOfRemoved, ConfirmedAccounts } from './remove-provisioning-connector.ts';

export interface RemoveServiceProviderInput {
  readonly id: ServiceProviderId;
  readonly accounts: AccountsOfRemoved;
  readonly confirmedAccounts?: ConfirmedAccounts;
}

export async function removeServiceProvider(
  house: Pick<House, 'database'>,
  caller: Caller,
  input: RemoveServiceProviderInput,
): Promise<Outcome<{ readonly id: ServiceProviderId; readonly accounts: number }>> {
  const { id } = input;
  return house.database.transaction(caller.tenantId, async (tx) => {
    const current = await tx.byId('serviceProvider', id);
    if (!current) return notFound('service provider', 'id');
    await tx.remove('outboundRow', { serviceProviderId: id });
    let accounts = 0;
    if (typeof input.confirmedAccounts === 'number') tx.confirmEndings(input.confirmedAccounts);
    if (input.accounts === 'keep') await handOver(tx, id);
    else for (const target of await tx.find('target', {})) accounts += await endAssignments(tx, target, [id]);
    await tx.remove('session', { serviceProviderId: id });
    await tx.remove('serviceProvider', { id });
    await tx.append([{ type: 'service-provider.removed', payload: { serviceProviderId: id, name: current.name } }]);
    return done({ id, accounts });
  });
}

async function handOver(tx: Transaction, serviceProviderId: ServiceProviderId): Promise<void> {
  for (;;) {
    const { items } = await tx.page('assignment', { where: { serviceProviderId }, first: 500, after: null, newestFirst: false });
    if (items.length === 0) return;
    const key = (assignment: { userId: string; targetId: string }): string => `${assignment.userId} ${assignment.targetId}`;
    const userIds = [...new Set(items.map((assignment) => assignment.userId))];
    const already = new Set((await tx.find('assignment', { userId: userIds, serviceProviderId: null })).map(key));
    await tx.remove('assignment', { id: items.map((assignment) => assignment.id) });
    await tx.insertMany(
      'assignment',
      items
        .filter((assignment) => !already.has(key(assignment)))
        .map(({ userId, targetId }) => ({ userId, targetId, serviceProviderId: null })),
    );
  }
}
