/** Somebody comes back whose account Usher deleted: where the target can, they get that very account again, made right. */
import { ConnectorError, type Account } from '../connectors/contract/connector.ts';
import { withoutFilled } from '../domain/mapping.ts';
import type { AccountAttributes } from '../domain/vocabulary.ts';
import type { Attempt, Done } from './attempt.ts';
import { orNotShownYet } from './not-shown-yet.ts';
import { differenceWithOffered, noteOffer, offeredBefore } from './offered-values.ts';
import { refuseProtected } from './protected-account.ts';

/** null: there is none to bring back (any more), so create. */
export async function restoreAccount(attempt: Attempt, wanted: AccountAttributes): Promise<Done | null> {
  const { house, leased, connector, specs, call, progress } = attempt;
  const { target, user } = leased;
  if (!connector.undelete) return null;
  const [deleted] = await house.database.reads(leased.operation.tenantId).find('deletedAccount', { userId: user.id, targetId: target.id });
  if (!deleted) return null;
  progress.wrote = true;
  const { accountId, origin } = deleted;
  const half = { accountId, origin, active: true, applied: {} };
  const account = await unlessGone(attempt, connector.undelete(accountId, call), () => void (progress.half = half));
  if (!account) {
    progress.wrote = false;
    return null;
  }
  // It is back, whatever becomes of the rest.
  progress.half = { ...half, accountId: account.id, applied: account.attributes, protectedAs: account.protectedAs ?? null };
  refuseProtected(target, account);
  const offered = await offeredBefore(attempt);
  const changed = withoutFilled(specs, differenceWithOffered(specs, wanted, account.attributes, offered), account.attributes);
  await noteOffer(attempt, changed, offered);
  const updated = await connector.update(account.id, changed, call, offered);
  const link = { accountId: account.id, origin, active: true, applied: wanted, protectedAs: updated.protectedAs ?? null };
  return { action: 'restored', link: { kind: 'write', link } };
}

async function unlessGone(attempt: Attempt, restoring: Promise<Account>, isBack: () => void): Promise<Account | null> {
  try {
    return await restoring;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    if (error.failure.kind === 'missing') return null;
    if (!error.written) throw error;
    isBack();
    throw orNotShownYet(attempt, attempt.house.clock.now(), error);
  }
}
