/** What the sequences do to a fake target and ask of it, whatever its protocol. */
import { faultKinds, type FaultKind, type Faults } from '../support/targets/faults.ts';

/** A person as the account of theirs should show them; what they have no value for is absent. */
export interface Described {
  readonly id: string;
  readonly userName: string;
  readonly attributes: Readonly<Record<string, string>>;
}
export interface Seen {
  readonly id: string;
  /** Can the person get in. */
  readonly active: boolean;
  readonly name: string;
  /** Our own id of the user in it; null: none. */
  readonly ownId: string | null;
  /** What Usher keeps right, in the fake's own words. */
  readonly shown: Readonly<Record<string, unknown>>;
  /** Everything of it, to tell whether anybody touched it. */
  readonly whole: string;
  /** How often it was given a password; null: the target is given none. */
  readonly passwords: number | null;
}
export interface Fake {
  readonly connectorType: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Names that somebody gave up can be had by somebody else. */
  readonly freesNames: boolean;
  /** Some accounts are administrators', and nobody but a person there changes them. */
  readonly hasProtected: boolean;
  readonly removals: readonly ('deactivate' | 'delete')[];
  accounts(): readonly Seen[];
  /** Those that were not there before Usher. */
  groups(): readonly { readonly id: string; readonly name: string; readonly members: readonly string[] }[];
  /** Somebody else puts a member of theirs into the group, another one for each number. Returns how the group shows it. */
  putMember(groupId: string, number: number): string;
  /** As an account shows this person when it is right. */
  expected(person: Described): Readonly<Record<string, unknown>>;
  /** Somebody else makes an account. `isProtected`: an administrator's, where the target has such. */
  put(name: string, isProtected: boolean): string;
  /** Somebody else ends its access. */
  suspend(id: string): void;
  /** Somebody else does something to the account. Returns what, or null where the target cannot. */
  tamper(id: string, random: () => number): string | null;
  /** Arms a fault of the target's own. Returns which. */
  misbehave(random: () => number): string;
  /** The next requests fail in this way, when `after` of them have passed. */
  fault(kind: FaultKind, times: number, after?: number): void;
  /** Accounts made from now on are not found for so many looks, where the target has such a habit. */
  hideNew?(looks: number): void;
  /** It denies the next requests in the words in which it refuses us, where it has such a habit with what is new. */
  denyNew?(requests: number): void;
  /** Makes the account that of an administrator of the target, where it has such. */
  promote?(id: string): void;
  /** From now on everything works. */
  behave(): void;
  close(): Promise<void>;
}

/** One of a list, by chance. */
export function pick<T>(random: () => number, all: readonly T[]): T {
  if (all.length === 0) throw new Error('There is nothing to pick from.');
  return all[Math.floor(random() * all.length)]!;
}

/** Those that no honest target shows about an account it has: it would say that what is there is not. */
const lies: readonly FaultKind[] = ['404'];
export const silentFaults: readonly FaultKind[] = ['time-out-before-write', 'time-out-after-write', 'slow-body'];
const quickFaults = faultKinds.filter((kind) => !silentFaults.includes(kind) && !lies.includes(kind));

/** One of the faults that any target may have. Those that cost real time are rare. */
export function commonFault(faults: Faults, random: () => number): string {
  const kind = random() < 0.05 ? pick(random, silentFaults) : pick(random, quickFaults);
  const method = pick(random, [undefined, undefined, 'POST', 'PATCH', 'GET']);
  // Now and then it lasts: then an operation gives up.
  const times = silentFaults.includes(kind) ? 1 : pick(random, [1, 1, 2, 3, 9]);
  // In the middle of an attempt as often as at its beginning.
  const after = pick(random, [0, 0, 1, 2, 3, 5]);
  faults.fault(kind, { times, after, ...(method === undefined ? {} : { method }) });
  return `${kind} ${times} times ${method ?? ''}${after > 0 ? ` after ${after}` : ''}`.trim();
}
