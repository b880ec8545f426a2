/** Ends an account as the target's removal setting says; what is gone already has ended. Only the account of a link, or a lost one of ours. */
import { ConnectorError, type Account } from '../connectors/contract/connector.ts';
import { isMissing, unlessMissing } from '../connectors/contract/missing.ts';
import { endingOf } from '../domain/account-ending.ts';
import type { Link } from '../domain/vocabulary.ts';
import { isOurs, type Attempt, type Done } from './attempt.ts';
import { madeAt, mayShowSince, notShownYet, unlessNew } from './not-shown-yet.ts';
import { findByName, nameNow } from './own-account.ts';
import type { LinkState } from './ports.ts';
import { refuseProtected } from './protected-account.ts';

export async function endAccount(attempt: Attempt): Promise<Done> {
  const { link, operation } = attempt.leased;
  const linked = link && (await end(attempt, link));
  if (linked && !linked.wasGone) return linked.done;
  const found = linked || operation.mayHaveApplied ? await findByName(attempt, nameNow(attempt)) : [];
  // What stands in front of a target may answer so for all that is there. Access that was not ended must not count as ended.
  if (found.some(({ id, active }) => id === link?.accountId && active))
    throw new ConnectorError(
      { kind: 'transient', mayHaveApplied: false },
      'The target said that the account is gone, and shows it when it is searched for.',
    );
  // An attempt without an answer may have made one, also in place of what a link leads to.
  const lost = operation.mayHaveApplied ? await lostAccount(attempt, found) : null;
  if (lost) return (await end(attempt, lost)).done;
  const since = mayShowSince(attempt);
  if (since)
    throw notShownYet(
      attempt,
      since,
      'An account that an attempt without an answer may have made does not show yet. It is looked for again for some minutes.',
    );
  return linked?.done ?? { action: 'none', link: { kind: 'keep' } };
}

/** `wasGone`: the target has no such account. */
async function end(attempt: Attempt, link: Ended): Promise<{ readonly done: Done; readonly wasGone: boolean }> {
  const { house, leased, connector } = attempt;
  const { target, user, operation } = leased;
  const { accountId, origin, applied } = link;
  const state: LinkState = { accountId, origin, active: false, applied };
  const ending = endingOf(target, user, link, house.clock.now(), connector.deactivate !== undefined);
  switch (ending.kind) {
    case 'leave':
      return { done: { action: 'left', link: { kind: 'forget' } }, wasGone: false };
    case 'wait':
    case 'schedule': {
      const kept: Done['link'] =
        ending.kind === 'wait' ? { kind: 'keep' } : { kind: 'write', link: { ...state, deleteAt: ending.deleteAt } };
      // The link says that it is inactive; a write without an answer may have made it active again.
      if (!operation.mayHaveApplied || !connector.deactivate) return { done: { action: 'none', link: kept }, wasGone: false };
      const wasGone = await isGoneFor('deactivate', attempt, link);
      return { done: { action: 'deactivated', link: kept }, wasGone };
    }
    case 'deactivate': {
      const wasGone = await isGoneFor('deactivate', attempt, link);
      const { deleteAt } = ending;
      // The link of a removed user is forgotten with the account's end, so that the same account can be found when the person returns. But a
      // date needs the link that it stands on, whoever is gone.
      const forgets = user.removedAt !== null && deleteAt === null;
      const after: Done['link'] = forgets ? { kind: 'forget' } : { kind: 'write', link: deleteAt ? { ...state, deleteAt } : state };
      return { done: { action: 'deactivated', link: after }, wasGone };
    }
    case 'delete': {
      const wasGone = await isGoneFor('delete', attempt, link);
      const deleted = connector.undelete ? { deleted: { accountId, origin } } : {};
      return { done: { action: 'deleted', link: { kind: 'forget' }, ...deleted }, wasGone };
    }
  }
}

async function isGoneFor(write: 'deactivate' | 'delete', attempt: Attempt, link: Ended): Promise<boolean> {
  const { connector, call, progress } = attempt;
  if (!connector[write])
    throw new ConnectorError({ kind: 'rejected' }, `This connector cannot ${write} accounts. Choose another removal setting.`);
  const seen = await refuseIfProtected(attempt, link);
  progress.wrote = true;
  try {
    await unlessNew(attempt, madeAt(link), connector[write](link.accountId, call));
    // Some targets say yes to the end of what is not there.
    return seen === null;
  } catch (error) {
    if (isMissing(error)) return true;
    throw error;
  }
}

/**
 * Read first, for only the target knows who became its administrator meanwhile: one call, and only for endings. What is gone is no reason to
 * refuse: null.
 */
async function refuseIfProtected(attempt: Attempt, link: Ended): Promise<Account | null> {
  const { leased, connector, call } = attempt;
  refuseProtected(leased.target, { id: link.accountId, attributes: link.applied });
  const account = await unlessMissing(unlessNew(attempt, madeAt(link), connector.read(link.accountId, call)));
  if (account) refuseProtected(leased.target, account);
  return account;
}

type Ended = Pick<Link, 'accountId' | 'origin' | 'applied' | 'active' | 'linkedAt' | 'deleteAt' | 'deletionAskedAt'>;

/** A create of ours got no answer before the person left: what it may have made. */
async function lostAccount(attempt: Attempt, found: readonly Account[]): Promise<Ended | null> {
  const account = found.find((candidate) => isOurs(attempt, candidate)) ?? (await broughtBack(attempt));
  if (!account) return null;
  const { id: accountId, attributes: applied, active } = account;
  return { accountId, origin: 'created', applied, active, linkedAt: mayShowSince(attempt), deleteAt: null, deletionAskedAt: null };
}

/** It was deleted once, and an attempt to bring it back got no answer. */
async function broughtBack({ house, leased, connector, call }: Attempt): Promise<Account | null> {
  const { operation, user, target } = leased;
  if (!connector.undelete) return null;
  const [deleted] = await house.database.reads(operation.tenantId).find('deletedAccount', { userId: user.id, targetId: target.id });
  return deleted ? unlessMissing(connector.read(deleted.accountId, call)) : null;
}
