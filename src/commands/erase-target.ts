/** Takes a target out of the database with all that is known about it. It touches no account; whoever calls it has made sure that nothing needs it. */
import type { Target } from '../domain/vocabulary.ts';
import type { Transaction } from './ports.ts';

export async function eraseTarget(tx: Transaction, target: Target): Promise<void> {
  const targetId = target.id;
  const owner = { kind: 'target', id: targetId } as const;
  await tx.putSecrets(
    owner,
    Object.fromEntries(((await tx.secretNamesOf('target', [targetId])).get(targetId) ?? []).map((name) => [name, null])),
  );
  await tx.remove('assignment', { targetId });
  await tx.remove('link', { targetId });
  await tx.remove('operation', { targetId });
  await tx.remove('targetCondition', { targetId });
  await tx.remove('target', { id: targetId });
  await tx.append([{ type: 'connector.removed', targetId, payload: { name: target.name, connectorType: target.connectorType } }]);
}
