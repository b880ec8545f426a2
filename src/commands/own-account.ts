/**
 * Finds what a create of ours without an answer may have made. By our own id where the target can be asked for it: the user may be called
 * something else by now. It decides nothing and writes nothing.
 */
import { ConnectorError, type Account } from '../connectors/contract/connector.ts';
import { isOurs, matchingText, type Attempt } from './attempt.ts';

/** Accounts by the name that the user has now, and where a create may have landed those that carry our own id of them. */
export async function findByName(attempt: Attempt, name: string | null): Promise<readonly Account[]> {
  const { leased, connector, call } = attempt;
  const named = name === null ? [] : await connector.find(leased.target.matchingAttribute, name, call);
  if (!leased.operation.mayHaveApplied || named.some((account) => isOurs(attempt, account))) return named;
  const known = new Set(named.map((account) => account.id));
  return [...named, ...(await findById(attempt)).filter((account) => !known.has(account.id))];
}

/** The name as the account of this user would have it now; null where their mapping gives none. */
export function nameNow({ leased, mapped }: Attempt): string | null {
  return mapped.kind === 'mapped' ? matchingText(mapped.attributes[leased.target.matchingAttribute]) : null;
}

async function findById(attempt: Attempt): Promise<readonly Account[]> {
  const { leased, connector, specs, call } = attempt;
  const own = specs.find((spec) => spec.matchable && spec.defaultMapping?.kind === 'user-id');
  if (!own || own.name === leased.target.matchingAttribute) return [];
  try {
    return (await connector.find(own.name, leased.user.id, call)).filter((account) => isOurs(attempt, account));
  } catch (error) {
    // A target that keeps no id of ours cannot be asked for it.
    if (error instanceof ConnectorError && error.failure.kind === 'rejected') return [];
    throw error;
  }
}
