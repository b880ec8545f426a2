/**
 * One attempt at one operation: the only caller of a connector's writes. It turns a leased operation into a settlement and writes
 * nothing itself; no transaction is open while it talks to the target. Read architecture's picture of the engine beside it.
 */
import { ConnectorError, type Call } from '../connectors/contract/connector.ts';
import { isMissing } from '../connectors/contract/missing.ts';
import { withoutCleared } from '../connectors/contract/without-cleared.ts';
import type { Failure } from '../domain/failure.ts';
import { needsCurrent, withoutFilled, type MappedAttribute } from '../domain/mapping.ts';
import { nextStep, nextStepOfProbe, untilShown } from '../domain/retry.ts';
import type { AccountAttributes, Link, Target } from '../domain/vocabulary.ts';
import { accountOfAttempt, wantedOf } from './account-of-attempt.ts';
import { matchingText, mayHaveWritten, type Attempt, type Done, type Progress } from './attempt.ts';
import { endAccount } from './end-account.ts';
import { linkExistingAccount } from './link-existing-account.ts';
import { logWith } from './log-with.ts';
import type { House, LeasedOperation, Log, LogFields, Settlement } from './ports.ts';
import { madeAt, mayShowSince, notShownYet, orNotShownYet, unlessNew } from './not-shown-yet.ts';
import { differenceWithOffered, noteOffer, offeredBefore, withOffered } from './offered-values.ts';
import { refuseProtected } from './protected-account.ts';
import { restoreAccount } from './restore-account.ts';
import { leaseLeftMs, whileLeased } from './while-leased.ts';

/** Never throws: whatever goes wrong is part of the settlement. */
export async function runOperation(house: House, leased: LeasedOperation): Promise<Settlement> {
  const startedAt = house.clock.now();
  const progress: Progress = { forgotLink: false, wrote: false, half: null, newSince: null, undecided: null };
  const { operation, target } = leased;
  const log = logWith(house.log, attemptFields(leased));
  const settled = (outcome: Settlement['outcome'], condition: Settlement['condition']): Settlement => ({
    tenantId: operation.tenantId,
    operation,
    attempt: { startedAt, endedAt: house.clock.now() },
    outcome,
    condition,
  });
  try {
    const connector = await house.connections.connection(target);
    const call: Call = {
      operationId: operation.id,
      signal: AbortSignal.timeout(Math.max(0, Math.min(house.settings.attemptTimeoutMs, leaseLeftMs(house, leased)))),
      log: (fact, fields) => log.info(fields ?? {}, fact),
    };
    const makes = operation.kind === 'provision' && leased.user.removedAt === null && leased.user.active;
    const account = await accountOfAttempt(house, leased, makes);
    const attempt: Attempt = { house, leased, connector: whileLeased(house, leased, connector), ...account, call, progress };
    const done = makes ? await provision(attempt) : await endAccount(attempt);
    return settled(
      { kind: 'succeeded', ...done },
      done.action === 'none' || done.action === 'left' ? { kind: 'nothing' } : { kind: 'works' },
    );
  } catch (error) {
    const understood = understand(log, error);
    const unanswered = progress.half !== null || (progress.wrote && mayHaveWritten(error));
    return failed(house, leased, progress, { ...understood, unanswered }, settled);
  }
}

/** What every log line of an attempt carries. */
export function attemptFields({ operation, attempt, target }: LeasedOperation): LogFields {
  return { operationId: operation.id, attempt, targetId: target.id };
}

async function provision(attempt: Attempt): Promise<Done> {
  const { leased, connector, call, progress } = attempt;
  const wanted = wantedOf(attempt.mapped);
  if (leased.link) {
    try {
      return await update(attempt, leased.link, wanted);
    } catch (error) {
      if (!isMissing(error)) throw error;
      progress.forgotLink = true;
      progress.wrote = false;
    }
  }
  const linked = await linkExistingAccount(attempt, wanted);
  if (linked) return linked;
  const restored = await restoreAccount(attempt, wanted);
  if (restored) return restored;
  // Under another name the target would let a second account in beside the one that does not show.
  const since = mayShowSince(attempt);
  if (since && leased.user.updatedAt > since)
    throw notShownYet(
      attempt,
      since,
      'The user was changed since an attempt without an answer may have made an account, which does not show yet.',
    );
  refuseUnseen(leased.target, wanted);
  await noteOffer(attempt, wanted, await offeredBefore(attempt));
  try {
    progress.wrote = true;
    const account = await connector.create(withoutCleared(wanted), call);
    return {
      action: 'created',
      link: { kind: 'write', link: { accountId: account.id, origin: 'created', active: true, applied: wanted } },
    };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    const { written } = error;
    if (written?.accountId) progress.half = { accountId: written.accountId, origin: 'created', active: written.active, applied: wanted };
    // What follows the making of an account may be denied as long as that does not show.
    if (written?.accountId) throw orNotShownYet(attempt, attempt.house.clock.now(), error);
    if (written || error.failure.kind !== 'conflict') throw error;
    progress.wrote = false;
    // Somebody made it between our look and our create, or the target finds by other rules than it keeps unique.
    const found = await linkExistingAccount(attempt, wanted);
    if (found) return found;
    if (since)
      throw notShownYet(
        attempt,
        since,
        `${error.message} An attempt without an answer may have made the account, and it does not show yet.`,
        error,
      );
    throw new ConnectorError(
      error.failure,
      `${error.message} No account was found by "${leased.target.matchingAttribute}", so there is none to link.`,
      { cause: error },
    );
  }
}

/** Without a value no account that is there already was found, and another one would be made beside it. */
function refuseUnseen({ matchingAttribute }: Target, wanted: AccountAttributes): void {
  if (matchingText(wanted[matchingAttribute]) !== null) return;
  throw new ConnectorError(
    { kind: 'rejected', attribute: matchingAttribute },
    `Accounts are found by "${matchingAttribute}", and this user has no value for it: whether one is there already cannot be seen.`,
  );
}

async function update(attempt: Attempt, link: Link, wanted: AccountAttributes): Promise<Done> {
  const { leased, connector, specs, call, progress } = attempt;
  const { trigger, mayHaveApplied } = leased.operation;
  const offered = await offeredBefore(attempt);
  // An operator's wish is to put the account right whatever we believe of it, and after a write without an answer we believe nothing. Nor of an
  // account that comes back: what others made of it while it was none of ours is put right with the call that it takes in any case.
  const believes = trigger !== 'operator' && !mayHaveApplied && link.active;
  const differing = believes ? differenceWithOffered(specs, wanted, link.applied, offered) : changeable(specs, wanted);
  if (link.active && Object.keys(differing).length === 0) return { action: 'none', link: { kind: 'keep' } };
  refuseProtected(leased.target, { id: link.accountId, attributes: link.applied });
  // Somebody may have become an administrator at the target since the last look: its word of today counts.
  const tellsProtected = attempt.house.definitions.get(leased.target.connectorType)?.capabilities.tellsProtected === true;
  const current =
    tellsProtected || link.protectedAs !== null || needsCurrent(specs, differing)
      ? await unlessNew(attempt, madeAt(link), connector.read(link.accountId, call))
      : null;
  if (current) refuseProtected(leased.target, current);
  const changed = current ? withoutFilled(specs, differing, current.attributes) : differing;
  // What was left to the target counts as applied: it differs again when the user does.
  const after = (accountId: Link['accountId'], protectedAs: string | null): Done['link'] => ({
    kind: 'write',
    link: { accountId, origin: link.origin, active: true, applied: wanted, protectedAs },
  });
  if (link.active && Object.keys(changed).length === 0) return { action: 'none', link: after(link.accountId, link.protectedAs) };
  const before = withOffered(link.applied, offered);
  await noteOffer(attempt, changed, before);
  progress.wrote = true;
  const account = await unlessNew(attempt, madeAt(link), connector.update(link.accountId, changed, call, before));
  return { action: 'updated', link: after(account.id, account.protectedAs ?? null) };
}

function changeable(specs: readonly MappedAttribute[], wanted: AccountAttributes): AccountAttributes {
  return Object.fromEntries(
    specs
      .filter((spec) => spec.mutable === 'always' && wanted[spec.name] !== undefined)
      .map((spec) => [spec.name, wanted[spec.name] ?? null]),
  );
}

function understand(log: Log, error: unknown): { failure: Failure; message: string } {
  if (error instanceof ConnectorError) return { failure: error.failure, message: error.message };
  // Ours or the connector's own defect: treated as weather, and told to whoever reads the log.
  log.error({ error: error instanceof Error ? error : new Error(String(error)) }, 'an attempt failed by a defect');
  return {
    failure: { kind: 'transient', mayHaveApplied: true },
    message: 'Usher itself failed during this attempt. The log has the details.',
  };
}

function failed(
  house: House,
  leased: LeasedOperation,
  progress: Progress,
  { failure, message, unanswered }: { readonly failure: Failure; readonly message: string; readonly unanswered: boolean },
  settled: (outcome: Settlement['outcome'], condition: Settlement['condition']) => Settlement,
): Settlement {
  const now = house.clock.now().getTime();
  const mayHaveApplied = leased.operation.mayHaveApplied || unanswered;
  const after = { failure, message, mayHaveApplied, unanswered, link: linkAfter(progress) };
  if (progress.newSince) {
    const dueAt = new Date(now + untilShown(now - progress.newSince.getTime(), house.chance.random()));
    return settled({ kind: 'again', ...after, dueAt, countsAttempt: false }, { kind: 'nothing' });
  }
  const { attempts, createdAt } = leased.operation;
  const step = leased.probing
    ? nextStepOfProbe(failure, attempts, house.chance.random(), now - createdAt.getTime())
    : nextStep(failure, attempts, house.chance.random());
  const condition = (): Settlement['condition'] => {
    switch (step.target) {
      case 'pause':
        return { kind: 'pause', until: new Date(now + step.afterMs), milliseconds: step.afterMs };
      case 'suspend':
      case 'failed':
      case 'works':
        return { kind: step.target };
    }
  };
  if (step.operation === 'give-up') {
    const undecided = progress.undecided ? { undecided: progress.undecided } : {};
    return settled({ kind: 'failed', ...after, ...undecided }, condition());
  }
  return settled({ kind: 'again', ...after, dueAt: new Date(now + step.afterMs), countsAttempt: step.countsAttempt }, condition());
}

/** Whatever went wrong, an account that is known to be there is linked: who is removed next has it ended. */
function linkAfter({ half, forgotLink }: Progress): Settlement['outcome']['link'] {
  if (half) return { kind: 'write', link: half };
  return forgotLink ? { kind: 'forget' } : { kind: 'keep' };
}
