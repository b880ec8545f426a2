/**
 * A target may deny for some minutes what it has just made, in the words in which it tells of an end or refuses us. Only Usher's records
 * know how new an account or a group is, in whatever process and by whatever connection: so the engine decides here what to believe, and the
 * connector only says of which answers it is true (`saidOfNew`). It calls no target.
 */
import { ConnectorError } from '../connectors/contract/connector.ts';
import { isNew } from '../domain/retry.ts';
import type { Link, Target } from '../domain/vocabulary.ts';
import type { Attempt } from './attempt.ts';
import type { House } from './ports.ts';

/** Whoever asks a target: an attempt at an operation, or a run of a group. */
export interface Asking {
  readonly house: Pick<House, 'clock'>;
  readonly progress: {
    /** It failed because what was made then does not show yet: it is looked at again, and no attempt is spent. */
    newSince: Date | null;
  };
}

/** When Usher made the account that a link leads to; null: others made it, or it was so long ago that nobody knows. */
export function madeAt({ origin, linkedAt }: Pick<Link, 'origin' | 'linkedAt'>): Date | null {
  return origin === 'created' ? linkedAt : null;
}

/** What is said of something of ours that was made minutes ago is no end of it, and no refusal of us. */
export async function unlessNew<T>(asking: Asking, since: Date | null, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw orNotShownYet(asking, since, error);
  }
}

/** What is to be thrown in place of this error. */
export function orNotShownYet(asking: Asking, since: Date | null, error: unknown): unknown {
  if (!(error instanceof ConnectorError) || !error.saidOfNew || since === null || !isNew(since, asking.house.clock.now())) return error;
  return notShownYet(asking, since, `${error.message} What it is about was made a moment ago.`, error);
}

/** Since when an account may be there that a write without an answer made and that does not show; null: it would show by now. */
export function mayShowSince({ house, leased }: Attempt): Date | null {
  const { operation, target } = leased;
  const since = operation.unansweredAt ?? operation.createdAt;
  return operation.mayHaveApplied && maybeUnseen(house, target, since) ? since : null;
}

/** Made so short a while ago that this target may not show it yet. */
export function maybeUnseen(
  { definitions, clock }: Pick<House, 'definitions' | 'clock'>,
  target: Pick<Target, 'connectorType'>,
  madeAt: Date,
): boolean {
  return definitions.get(target.connectorType)?.capabilities.slowToShow === true && isNew(madeAt, clock.now());
}

/** To be thrown: it is looked at again, and no attempt is spent. */
export function notShownYet({ progress }: Asking, since: Date, message: string, cause?: ConnectorError): ConnectorError {
  progress.newSince = since;
  return new ConnectorError({ kind: 'transient', mayHaveApplied: false }, message, { cause, written: cause?.written ?? null });
}
