/**
 * What commands and the dispatcher need of the database for groups at targets: due ones taken by lease, members that are not right, what a
 * run notes before and after each call, and how it ends. Implemented in persistence. Start with ProvisionedGroups.
 */
import type { Failure } from '../domain/failure.ts';
import type { MemberFacts } from '../domain/group-members.ts';
import type { AccountId, ProvisionedGroup, ProvisionedGroupId, Target, TargetGroupId, TargetId } from '../domain/vocabulary.ts';

/** Over all tenants, by id. */
export interface ProvisionedGroups {
  /** Takes the lease of groups that are due (or whose lease lapsed) at targets that let calls through, and have a place free for it. */
  lease(request: LeaseGroups): Promise<readonly LeasedGroup[]>;
  /** Members that are not as they should be, or that the target did not know; at most so many, the doubtful ones last. */
  differing(leased: LeasedGroup, atMost: number): Promise<readonly MemberFacts[]>;
  /** Written only while the lease is the asker's, before and after each call. False: somebody else has taken the group over. */
  note(leased: LeasedGroup, note: GroupNote): Promise<boolean>;
  /** Its state, event and what it taught about the target, in one transaction. */
  settle(settlement: GroupSettlement): Promise<'settled' | 'refused'>;
  /** Gives back a lease without a run. */
  release(leased: LeasedGroup, dueAt: Date): Promise<void>;
  /** Finds groups that count as right and are not, which a race between two changes may leave behind. Returns how many are due because of it. */
  sweep(now: Date): Promise<number>;
  /** At the start of the only process on an embedded database: nobody else can hold a lease. */
  freeAllLeases(now: Date): Promise<number>;
}

export interface LeaseGroups {
  readonly owner: string;
  readonly now: Date;
  readonly until: Date;
  readonly atMost: number;
  /** Targets without a place in this process. */
  readonly ignored: readonly TargetId[];
}

/** All that one run needs to know before it looks at members. */
export interface LeasedGroup {
  readonly group: ProvisionedGroup;
  /** What our group is called now; null: it is gone. */
  readonly name: string | null;
  readonly target: Target;
  readonly fence: number;
  readonly leaseUntil: Date;
  /** Raised by every change: another one than when the lease was taken asks for exactly one more run. */
  readonly changes: number;
  /** The target's circuit is half-open: one call at a time. */
  readonly probing: boolean;
}

type Member = Pick<MemberFacts, 'userId' | 'accountId'>;
export type GroupNote =
  | { readonly kind: 'creating'; readonly name: string }
  | { readonly kind: 'not-created' }
  | { readonly kind: 'found'; readonly id: TargetGroupId; readonly name: string; readonly origin: 'adopted' }
  | { readonly kind: 'found'; readonly id: TargetGroupId; readonly name: string; readonly origin: 'created'; readonly askedAt: Date | null }
  /** What it is called there is not known until an answer comes: one that never comes may have renamed it. */
  | { readonly kind: 'renaming' }
  | { readonly kind: 'renamed'; readonly name: string }
  /** The group is gone at the target, and every member with it. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'adding' | 'removing' | 'forgotten'; readonly members: readonly Member[] }
  | { readonly kind: 'added'; readonly members: readonly Member[]; readonly unknown: readonly AccountId[] }
  | { readonly kind: 'removed'; readonly members: readonly Member[] }
  /** The group itself: nothing is remembered of it, but nothing is deleted beside whoever has taken it over. */
  | { readonly kind: 'deleting' };

/** What one run came to. */
export interface GroupSettlement {
  readonly leased: LeasedGroup;
  readonly startedAt: Date;
  readonly outcome:
    /** `lookAgainAt`: when an account may be known that the target does not know yet. */
    | { readonly kind: 'right'; readonly lookAgainAt: Date | null }
    /** There is more to do than one run does. */
    | { readonly kind: 'more' }
    /** Nothing of it is left to Usher. */
    | { readonly kind: 'ended'; readonly deleted: boolean }
    | { readonly kind: 'again'; readonly failure: Failure; readonly message: string; readonly dueAt: Date; readonly countsAttempt: boolean }
    | { readonly kind: 'failed'; readonly failure: Failure; readonly message: string };
  readonly condition: TargetLesson;
}

/** What a try at a target taught about it. */
export type TargetLesson =
  | { readonly kind: 'works' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'pause'; readonly until: Date; readonly milliseconds: number }
  | { readonly kind: 'suspend' };

/** What changed, so that provisioned groups are due: together with the change, when its transaction is about to commit. */
export interface GroupsConcerned {
  readonly provisionedGroupIds?: readonly ProvisionedGroupId[];
  /** These at once and wholly, whatever is believed of them: an operator's wish. */
  readonly anew?: readonly ProvisionedGroupId[];
  /** Wherever these groups of ours are provisioned. */
  readonly groupIds?: readonly string[];
  /** Groups at targets where these users have an account, or where Usher has put them. */
  readonly userIds?: readonly string[];
}

/** Members of a provisioned group, counted. */
export interface MemberCounts {
  /** Members of our group whose account is there. */
  readonly wanted: number;
  /** Members of our group who have no active account at the target: they join when they have. */
  readonly waiting: number;
  /** Accounts that Usher has put into the group at the target. */
  readonly placed: number;
}
