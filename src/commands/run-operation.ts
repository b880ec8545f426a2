/**
 * One attempt at one operation: the only caller of a connector's writes. It turns a leased operation into a settlement and writes
 * nothing itself; no transaction is open while it talks to the target. Read architecture's picture of the engine beside it.
 */
import { ConnectorError, type Account, type Call, type Connector } from '../connectors/contract/connector.ts';
import { withoutCleared } from '../connectors/contract/without-cleared.ts';
import { correlate } from '../domain/correlation.ts';
import type { Failure } from '../domain/failure.ts';
import { difference, mapAccount, type AccountAttributeSpec } from '../domain/mapping.ts';
import { nextStep } from '../domain/retry.ts';
import type { AccountAttributes, AccountValue, AttemptAction, Link } from '../domain/vocabulary.ts';
import type { House, LeasedOperation, LinkState, Settlement } from './ports.ts';
import { leaseLeftMs, whileLeased } from './while-leased.ts';

type Done = { readonly action: AttemptAction; readonly link: Extract<Settlement['outcome'], { kind: 'succeeded' }>['link'] };

/** What this attempt learnt before it failed. */
interface Progress {
  /** The link turned out to lead nowhere. */
  forgotLink: boolean;
  /** A write was sent and not yet answered. */
  wrote: boolean;
}

interface Attempt {
  readonly house: House;
  readonly leased: LeasedOperation;
  readonly connector: Connector;
  readonly specs: readonly AccountAttributeSpec[];
  readonly call: Call;
  readonly progress: Progress;
}

/** Never throws: whatever goes wrong is part of the settlement. */
export async function runOperation(house: House, leased: LeasedOperation): Promise<Settlement> {
  const startedAt = house.clock.now();
  const progress: Progress = { forgotLink: false, wrote: false };
  const { operation, target } = leased;
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
      log: (fact, fields) => house.log.info({ operationId: operation.id, targetId: target.id, ...fields }, fact),
    };
    const specs = house.definitions.get(target.connectorType)?.account ?? [];
    const attempt: Attempt = { house, leased, connector: whileLeased(house, leased, connector), specs, call, progress };
    const done =
      operation.kind === 'provision' && leased.user.removedAt === null && leased.user.active
        ? await provision(attempt)
        : await end(attempt);
    return settled(
      { kind: 'succeeded', ...done },
      done.action === 'none' || done.action === 'left' ? { kind: 'nothing' } : { kind: 'works' },
    );
  } catch (error) {
    const { failure, message } = understand(house, leased, error);
    return failed(house, leased, progress, failure, message, settled);
  }
}

async function provision(attempt: Attempt): Promise<Done> {
  const { leased, connector, specs, call, progress } = attempt;
  const mapped = mapAccount(specs, leased.user);
  if (mapped.kind === 'missing')
    throw new ConnectorError(
      { kind: 'rejected', attribute: mapped.attribute },
      `The user has no value for the required account attribute "${mapped.attribute}".`,
    );
  const wanted = mapped.attributes;
  if (leased.link) {
    try {
      return await update(attempt, leased.link, wanted);
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.failure.kind !== 'missing') throw error;
      progress.forgotLink = true;
      progress.wrote = false;
    }
  }
  const linked = await linkExisting(attempt, wanted);
  if (linked) return linked;
  try {
    progress.wrote = true;
    const account = await connector.create(withoutCleared(wanted), call);
    return {
      action: 'created',
      link: { kind: 'write', link: { accountId: account.id, origin: 'created', active: true, applied: wanted } },
    };
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.failure.kind !== 'conflict') throw error;
    progress.wrote = false;
    // Somebody made it between our look and our create, or the target finds by other rules than it keeps unique.
    const found = await linkExisting(attempt, wanted);
    if (found) return found;
    throw new ConnectorError(
      error.failure,
      `${error.message} No account was found by "${leased.target.matchingAttribute}", so there is none to link.`,
      { cause: error },
    );
  }
}

async function update(attempt: Attempt, link: Link, wanted: AccountAttributes): Promise<Done> {
  const { leased, connector, specs, call, progress } = attempt;
  const { trigger, mayHaveApplied } = leased.operation;
  // An operator's wish is to put the account right whatever we believe of it, and after a write without an answer we believe nothing.
  const changed = trigger === 'operator' || mayHaveApplied ? changeable(specs, wanted) : difference(specs, wanted, link.applied);
  if (link.active && Object.keys(changed).length === 0) return { action: 'none', link: { kind: 'keep' } };
  progress.wrote = true;
  const account = await connector.update(link.accountId, changed, call);
  return {
    action: 'updated',
    link: { kind: 'write', link: { accountId: account.id, origin: link.origin, active: true, applied: wanted } },
  };
}

/** null: there is none to link, so create. */
async function linkExisting(attempt: Attempt, wanted: AccountAttributes): Promise<Done | null> {
  const { leased, connector, specs, call } = attempt;
  const value = matchingText(wanted[leased.target.matchingAttribute]);
  if (value === null) return null;
  const accounts = await connector.find(leased.target.matchingAttribute, value, call);
  const others = await linkedToOthers(attempt, accounts);
  const decision = correlate(
    accounts.map((account) => ({ ours: isOurs(attempt, account), linkedToAnother: others.has(account.id) })),
    leased.target.adoption,
  );
  if (decision.kind === 'create') return null;
  if (decision.kind === 'stop')
    throw new ConnectorError({ kind: 'rejected', attribute: leased.target.matchingAttribute }, decision.message);
  const account = accounts[decision.index];
  if (!account) return null;
  const changed = difference(specs, wanted, account.attributes);
  if (!account.active || Object.keys(changed).length > 0) await connector.update(account.id, changed, call);
  const link: LinkState = { accountId: account.id, origin: decision.origin, active: true, applied: wanted };
  return { action: 'linked', link: { kind: 'write', link } };
}

async function end(attempt: Attempt): Promise<Done> {
  const { leased, connector, call } = attempt;
  const { target, user } = leased;
  const link = leased.link ?? (await lostAccount(attempt));
  // The link of a removed user is forgotten with the account's end, so that the same account can be found when the person returns.
  const after = (state: LinkState): Done['link'] => (user.removedAt ? { kind: 'forget' } : { kind: 'write', link: state });
  if (!link) return { action: 'none', link: { kind: 'keep' } };
  const state: LinkState = { accountId: link.accountId, origin: link.origin, active: false, applied: link.applied };
  // Somebody who is only deactivated may come back: whatever the setting for removals, nothing is deleted for that.
  const removal = !user.removedAt && !user.active && target.removal === 'delete' && connector.deactivate ? 'deactivate' : target.removal;
  switch (removal) {
    case 'leave':
      return { action: 'left', link: { kind: 'forget' } };
    case 'deactivate':
      if (!connector.deactivate)
        throw new ConnectorError({ kind: 'rejected' }, 'This connector cannot deactivate accounts. Choose another removal setting.');
      await succeedIfGone(connector.deactivate(link.accountId, call));
      return { action: 'deactivated', link: after(state) };
    case 'delete':
      if (!connector.delete)
        throw new ConnectorError({ kind: 'rejected' }, 'This connector cannot delete accounts. Choose another removal setting.');
      await succeedIfGone(connector.delete(link.accountId, call));
      return { action: 'deleted', link: { kind: 'forget' } };
  }
}

/** A create of ours got no answer before the person left: find what it may have made. */
async function lostAccount(attempt: Attempt): Promise<Pick<Link, 'accountId' | 'origin' | 'applied'> | null> {
  const { leased, connector, specs, call } = attempt;
  if (!leased.operation.mayHaveApplied) return null;
  const mapped = mapAccount(specs, leased.user);
  const byName = mapped.kind === 'mapped' ? matchingText(mapped.attributes[leased.target.matchingAttribute]) : null;
  const found = byName === null ? [] : await connector.find(leased.target.matchingAttribute, byName, call);
  const account = found.find((candidate) => isOurs(attempt, candidate));
  return account ? { accountId: account.id, origin: 'created', applied: account.attributes } : null;
}

function matchingText(value: AccountValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'object') return value[0] ?? null;
  return String(value);
}

/** The account says our own id of this user. */
function isOurs({ leased, specs }: Attempt, account: Account): boolean {
  return specs.some((spec) => spec.defaultMapping?.kind === 'user-id' && account.attributes[spec.name] === leased.user.id);
}

async function linkedToOthers({ house, leased }: Attempt, accounts: readonly Account[]): Promise<ReadonlySet<string>> {
  if (accounts.length === 0) return new Set();
  const links = await house.database
    .reads(leased.operation.tenantId)
    .find('link', { targetId: leased.target.id, accountId: accounts.map((a) => a.id) });
  return new Set(links.filter((link) => link.userId !== leased.user.id).map((link) => link.accountId));
}

function changeable(specs: readonly AccountAttributeSpec[], wanted: AccountAttributes): AccountAttributes {
  return Object.fromEntries(
    specs
      .filter((spec) => spec.mutable === 'always' && wanted[spec.name] !== undefined)
      .map((spec) => [spec.name, wanted[spec.name] ?? null]),
  );
}

async function succeedIfGone(ending: Promise<void>): Promise<void> {
  try {
    await ending;
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.failure.kind !== 'missing') throw error;
  }
}

function understand(house: House, leased: LeasedOperation, error: unknown): { failure: Failure; message: string } {
  if (error instanceof ConnectorError) return { failure: error.failure, message: error.message };
  // Ours or the connector's own defect: treated as weather, and told to whoever reads the log.
  house.log.error(
    { operationId: leased.operation.id, targetId: leased.target.id, error: error instanceof Error ? error : new Error(String(error)) },
    'an attempt failed by a defect',
  );
  return {
    failure: { kind: 'transient', mayHaveApplied: true },
    message: 'Usher itself failed during this attempt. The log has the details.',
  };
}

function failed(
  house: House,
  leased: LeasedOperation,
  progress: Progress,
  failure: Failure,
  message: string,
  settled: (outcome: Settlement['outcome'], condition: Settlement['condition']) => Settlement,
): Settlement {
  const link = progress.forgotLink ? ({ kind: 'forget' } as const) : ({ kind: 'keep' } as const);
  const step = nextStep(failure, leased.operation.attempts, house.chance.random());
  const condition = (): Settlement['condition'] => {
    switch (step.target) {
      case 'pause':
        return { kind: 'pause', until: new Date(house.clock.now().getTime() + step.afterMs), milliseconds: step.afterMs };
      case 'suspend':
      case 'failed':
      case 'works':
        return { kind: step.target };
    }
  };
  if (step.operation === 'give-up') return settled({ kind: 'failed', failure, message, link }, condition());
  const unknown = failure.kind === 'transient' && failure.mayHaveApplied && progress.wrote;
  return settled(
    {
      kind: 'again',
      failure,
      message,
      dueAt: new Date(house.clock.now().getTime() + step.afterMs),
      countsAttempt: step.countsAttempt,
      mayHaveApplied: leased.operation.mayHaveApplied || unknown,
      link,
    },
    condition(),
  );
}
