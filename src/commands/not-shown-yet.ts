/**
 * A target may deny for some minutes what it has just made. Only Usher's records know how new an account is, in whatever process and by
 * whatever connection: so the engine decides here what to believe. It calls no target.
 */
import { ConnectorError } from '../connectors/contract/connector.ts';
import type { Link } from '../domain/vocabulary.ts';
import type { Attempt } from './attempt.ts';

const showsWithinMs = 10 * 60_000;

/** What is said of an account of ours that is minutes old is no end of it, and no refusal of us. */
export async function unlessNew<T>(attempt: Attempt, link: Pick<Link, 'origin' | 'linkedAt'>, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { origin, linkedAt } = link;
    const isNew = origin === 'created' && linkedAt !== null && ageOf(attempt, linkedAt) < showsWithinMs;
    if (!isNew || !(error instanceof ConnectorError) || !error.saidOfNew) throw error;
    throw notShownYet(attempt, linkedAt, `${error.message} The account was made a moment ago.`, error);
  }
}

/** Since when an account may be there that a write without an answer made and that does not show; null: it would show by now. */
export function mayShowSince({ house, leased }: Attempt): Date | null {
  const { operation, target } = leased;
  const slow = house.definitions.get(target.connectorType)?.capabilities.slowToShow === true;
  const since = operation.unansweredAt ?? operation.createdAt;
  return slow && operation.mayHaveApplied && house.clock.now().getTime() - since.getTime() < showsWithinMs ? since : null;
}

/** To be thrown: it is looked at again, and no attempt is spent. */
export function notShownYet({ progress }: Attempt, since: Date, message: string, cause?: unknown): ConnectorError {
  progress.newSince = since;
  return new ConnectorError({ kind: 'transient', mayHaveApplied: false }, message, { cause });
}

function ageOf({ house }: Attempt, since: Date): number {
  return house.clock.now().getTime() - since.getTime();
}
