/** Members of one provisioned group that are not as they should be -> whom to add, whom to take back, when to look again. */
import type { AccountId, Link, ProvisionedMemberState, UserId } from './vocabulary.ts';

/** One account that is in our group, or that Usher has put into the group at the target, or both. */
export interface MemberFacts {
  readonly userId: UserId;
  readonly accountId: AccountId;
  /** They are in our group, and their account is active. */
  readonly wanted: boolean;
  /** The link to the account; null: it is nobody's any more. */
  readonly link: Pick<Link, 'origin' | 'appliedAt' | 'linkedAt'> | null;
  /** What Usher remembers of them in the group at the target; null: it has not put them there. */
  readonly recorded: { readonly state: ProvisionedMemberState; readonly changedAt: Date } | null;
}

export interface MemberPlan {
  readonly add: readonly MemberFacts[];
  readonly remove: readonly MemberFacts[];
  /** The target never had them: nothing to take back. */
  readonly forget: readonly MemberFacts[];
  /** An account that the target does not know yet may be known then; null: nothing to wait for. */
  readonly lookAgainAt: Date | null;
}

/**
 * Whatever was begun and not answered is begun again, in the direction that is right now. Who is a member by other hands has no record, and
 * so is neither added twice nor ever removed.
 */
export function planMembers(facts: readonly MemberFacts[], now: Date): MemberPlan {
  const add: MemberFacts[] = [];
  const remove: MemberFacts[] = [];
  const forget: MemberFacts[] = [];
  let lookAgainAt: Date | null = null;
  for (const member of facts) {
    const { wanted, link, recorded } = member;
    if (!wanted || !link) {
      if (recorded) (recorded.state === 'unknown' ? forget : remove).push(member);
    } else if (recorded?.state === 'unknown') {
      const at = link.appliedAt > recorded.changedAt ? now : knownAgainAt(link.appliedAt, recorded.changedAt);
      if (at && at <= now) add.push(member);
      else lookAgainAt = soonest(lookAgainAt, at);
    } else if (recorded?.state !== 'member' || isOfEarlierAccount(link, recorded.changedAt)) add.push(member);
  }
  return { add, remove, forget, lookAgainAt };
}

/** Deleted since and restored, or made anew under the same id: with the account its place in the group went. */
function isOfEarlierAccount({ linkedAt }: NonNullable<MemberFacts['link']>, placedAt: Date): boolean {
  return linkedAt !== null && linkedAt > placedAt;
}

const firstRestMs = 5_000;
const lastLookMs = 60 * 60_000;

/**
 * An account that was made a moment ago may not be known everywhere at the target yet: it is tried again after as long as it is old, for an
 * hour. null: it is left alone until its link changes.
 */
export function knownAgainAt(appliedAt: Date, triedAt: Date): Date | null {
  const age = triedAt.getTime() - appliedAt.getTime();
  return age > lastLookMs ? null : new Date(triedAt.getTime() + Math.max(firstRestMs, age));
}

export function soonest(one: Date | null, other: Date | null): Date | null {
  if (!one || !other) return one ?? other;
  return one < other ? one : other;
}
