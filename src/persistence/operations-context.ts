/** What operations.ts and settle.ts work with. */
import type { Chance, Clock, Queue } from '../commands/ports.ts';
import type { OpenTransaction, Session } from './session.ts';

export interface OperationsContext {
  readonly session: Session;
  readonly transaction: <T>(work: (transaction: OpenTransaction) => Promise<T>) => Promise<T>;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly queue: () => Queue;
}
