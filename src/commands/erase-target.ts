/** Takes a target out of the database. It touches no account; whoever calls it has made sure that nothing needs the target any more. */
import type { Target } from '../domain/vocabulary.ts';
import type { Transaction } from './ports.ts';

export async function eraseTarget(tx: Transaction, target: Target): Promise<void> {
  // Its secrets, condition, assignments, links and operations belong to it and go with it.
  const gone = await tx.remove('target', { id: target.id });
  // Another process was faster, and told of it.
  if (gone === 0) return;
  await tx.append([
    { type: 'connector.removed', targetId: target.id, payload: { name: target.name, connectorType: target.connectorType } },
  ]);
}
