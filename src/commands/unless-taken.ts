/** A unique key in the database is the only safe judge of whether a name is free; this turns its refusal into an answer. */
import type { Outcome, Problem } from './outcome.ts';
import { UniqueViolation } from './ports.ts';

/** `work` is the whole transaction: after a violation nothing of it may stay. */
export async function unlessTaken<T>(work: () => Promise<Outcome<T>>, taken: Problem): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UniqueViolation) return taken;
    throw error;
  }
}
