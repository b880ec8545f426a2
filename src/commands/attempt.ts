/** What one attempt works with and may answer, and what its parts ask of an account that was found. It calls no target itself. */
import { ConnectorError, type Account, type Call, type Connector } from '../connectors/contract/connector.ts';
import type { Mapped, MappedAttribute } from '../domain/mapping.ts';
import type { AccountValue, AttemptAction } from '../domain/vocabulary.ts';
import type { House, LeasedOperation, LinkState, Settlement, UndecidedAccounts } from './ports.ts';

type Succeeded = Extract<Settlement['outcome'], { kind: 'succeeded' }>;
export type Done = { readonly action: AttemptAction } & Pick<Succeeded, 'link' | 'deleted'>;

/** What this attempt learnt before it failed. */
export interface Progress {
  /** The link turned out to lead nowhere. */
  forgotLink: boolean;
  /** A write was sent and not yet answered. */
  wrote: boolean;
  /** An account that it made, brought back or took over, though not all of the rest was done: it is linked all the same. */
  half: LinkState | null;
  /** It failed because what was made then does not show yet. */
  newSince: Date | null;
  /** Accounts that a person has to decide about. */
  undecided: UndecidedAccounts | null;
}

export interface Attempt {
  readonly house: House;
  readonly leased: LeasedOperation;
  readonly connector: Connector;
  /** The account's attributes as the target maps them now, and what they come to for this user. */
  readonly specs: readonly MappedAttribute[];
  readonly mapped: Mapped;
  readonly call: Call;
  readonly progress: Progress;
}

/** Whether a write that failed in this way may have been done, or a part of it. A defect of ours tells nothing, so it may. */
export function mayHaveWritten(error: unknown): boolean {
  if (!(error instanceof ConnectorError)) return true;
  return error.written !== null || (error.failure.kind === 'transient' && error.failure.mayHaveApplied);
}

export function matchingText(value: AccountValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'object') return value[0] ?? null;
  return String(value);
}

/** The account says our own id of this user. */
export function isOurs({ leased, specs }: Attempt, account: Account): boolean {
  return specs.some((spec) => spec.defaultMapping?.kind === 'user-id' && account.attributes[spec.name] === leased.user.id);
}
