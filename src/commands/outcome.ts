/** What a command answers: a value, or why not. Expected failures are values; a thrown error is a defect. */
import type { PolicyFault } from './policy-fault.ts';

export type Outcome<T> = { readonly kind: 'done'; readonly value: T } | Problem;

/** `path` leads to the part of the input that is to blame, e.g. ['rows', '2', 'deadlineMs']. */
export type Problem =
  | { readonly kind: 'invalid-input'; readonly problems: readonly InputProblem[] }
  | { readonly kind: 'not-found'; readonly path: readonly string[]; readonly message: string }
  /** Somebody saved in between. */
  | { readonly kind: 'version-conflict'; readonly path: readonly string[]; readonly message: string; readonly currentVersion: number }
  | { readonly kind: 'name-taken'; readonly path: readonly string[]; readonly message: string }
  /** Still used by something else; `message` says by what. */
  | { readonly kind: 'in-use'; readonly path: readonly string[]; readonly message: string };

export interface InputProblem {
  readonly path: readonly string[];
  readonly message: string;
  /** Where in the text of a policy; absent: it is about something else. */
  readonly fault?: PolicyFault;
}

export const done = <T>(value: T): Outcome<T> => ({ kind: 'done', value });
export const invalid = (...problems: readonly InputProblem[]): Problem => ({ kind: 'invalid-input', problems });
export const notFound = (noun: string, ...path: readonly string[]): Problem => ({
  kind: 'not-found',
  path,
  message: `There is no such ${noun}.`,
});
export const versionConflict = (currentVersion: number): Problem => ({
  kind: 'version-conflict',
  path: ['version'],
  message: 'It was changed since you read it. Read it again and repeat your change.',
  currentVersion,
});
export const nameTaken = (message: string, ...path: readonly string[]): Problem => ({ kind: 'name-taken', path, message });
export const inUse = (message: string, ...path: readonly string[]): Problem => ({ kind: 'in-use', path, message });

/** Who asks: from the session or the bearer token. */
export interface Actor {
  readonly kind: 'administrator' | 'api-token' | 'self';
  readonly id: string;
}
