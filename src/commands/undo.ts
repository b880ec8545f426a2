/** A problem that only shows when everything is written: thrown in a transaction, it undoes it and becomes the answer. */
import type { Outcome, Problem } from './outcome.ts';

export class Undo extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super('A transaction is undone because of a problem with the input.');
    this.name = 'Undo';
    this.problem = problem;
  }
}

export async function unlessUndone<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Undo) return error.problem;
    throw error;
  }
}
