/** Ends an account as the target's removal setting says; what is gone already has ended. Only the account of a link, or a lost one of ours. */
import { ConnectorError, type Account } from '../connectors/contract/connector.ts';
import { unlessMissing } from '../connectors/contract/missing.ts';
import { endingOf } from '../domain/account-ending.ts';
import type { Link } from '../domain/vocabulary.ts';
import { isOurs, type Attempt, type Done } from './attempt.ts';
import { madeAt, mayShowSince, notShownYet, unlessNew } from './not-shown-yet.ts';
import { findByName, nameNow } from './own-account.ts';
import type { LinkState } from './ports.ts';
import { refuseProtected } from './protected-account.ts';

export async function endAccount(attempt: Attempt): Promise<Done> {
  const { house, leased, connector, call, progress } = attempt;
  const { target, user, operation } = leased;
  const link = leased.link ?? (await lostAccount(attempt));
  // The link of a removed user is forgotten with the account's end, so that the same account can be found when the person returns.
  const after = (state: LinkState): Done['link'] => (user.removedAt ? { kind: 'forget' } : { kind: 'write', link: state });
  if (!link) {
    const since = mayShowSince(attempt);
    if (since)
      throw notShownYet(
        attempt,
        since,
        'An account that an attempt without an answer may have made does not show yet. It is looked for again for some minutes.',
      );
    return { action: 'none', link: { kind: 'keep' } };
  }
  const { accountId, origin, applied } = link;
  const state: LinkState = { accountId, origin, active: false, applied };
  const ending = endingOf(target, user, link, house.clock.now(), connector.deactivate !== undefined);
  switch (ending.kind) {
    case 'leave':
      return { action: 'left', link: { kind: 'forget' } };
    case 'wait':
    case 'schedule': {
      const kept: Done['link'] =
        ending.kind === 'wait' ? { kind: 'keep' } : { kind: 'write', link: { ...state, deleteAt: ending.deleteAt } };
      // The link says that it is inactive; a write without an answer may have made it active again.
      if (!operation.mayHaveApplied || !connector.deactivate) return { action: 'none', link: kept };
      await refuseIfProtected(attempt, link);
      progress.wrote = true;
      await unlessMissing(unlessNew(attempt, madeAt(link), connector.deactivate(accountId, call)));
      return { action: 'deactivated', link: kept };
    }
    case 'deactivate': {
      if (!connector.deactivate)
        throw new ConnectorError({ kind: 'rejected' }, 'This connector cannot deactivate accounts. Choose another removal setting.');
      await refuseIfProtected(attempt, link);
      progress.wrote = true;
      await unlessMissing(unlessNew(attempt, madeAt(link), connector.deactivate(accountId, call)));
      const { deleteAt } = ending;
      // A date needs the link that it stands on, whoever is gone.
      return { action: 'deactivated', link: deleteAt ? { kind: 'write', link: { ...state, deleteAt } } : after(state) };
    }
    case 'delete':
      if (!connector.delete)
        throw new ConnectorError({ kind: 'rejected' }, 'This connector cannot delete accounts. Choose another removal setting.');
      await refuseIfProtected(attempt, link);
      progress.wrote = true;
      await unlessMissing(unlessNew(attempt, madeAt(link), connector.delete(accountId, call)));
      return { action: 'deleted', link: { kind: 'forget' }, ...(connector.undelete ? { deleted: { accountId, origin } } : {}) };
  }
}

/** Read first, for only the target knows who became its administrator meanwhile: one call, and only for endings. What is gone is no reason. */
async function refuseIfProtected(attempt: Attempt, link: Ended): Promise<void> {
  const { leased, connector, call } = attempt;
  refuseProtected(leased.target, { id: link.accountId, attributes: link.applied });
  const account = await unlessMissing(unlessNew(attempt, madeAt(link), connector.read(link.accountId, call)));
  if (account) refuseProtected(leased.target, account);
}

type Ended = Pick<Link, 'accountId' | 'origin' | 'applied' | 'active' | 'linkedAt' | 'deleteAt' | 'deletionAskedAt'>;

/** A create of ours got no answer before the person left: find what it may have made. */
async function lostAccount(attempt: Attempt): Promise<Ended | null> {
  if (!attempt.leased.operation.mayHaveApplied) return null;
  const account =
    (await findByName(attempt, nameNow(attempt))).find((candidate) => isOurs(attempt, candidate)) ?? (await broughtBack(attempt));
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
