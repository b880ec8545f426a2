/** How an account ends: (removal setting, user, link, time) -> what to do at the target and what becomes of the link. */
import type { Link, Target, User } from './vocabulary.ts';

export type Ending =
  /** Nothing is done, and it is Usher's no more. */
  | { readonly kind: 'leave' }
  /** Its time has not come, or nothing is left to do. */
  | { readonly kind: 'wait' }
  /** `deleteAt`: when it is to be deleted; null: never. */
  | { readonly kind: 'deactivate'; readonly deleteAt: Date | null }
  /** It is deactivated already: only the date is set. */
  | { readonly kind: 'schedule'; readonly deleteAt: Date }
  | { readonly kind: 'delete' };

const dayMs = 24 * 60 * 60_000;

export function endingOf(
  target: Pick<Target, 'removal' | 'graceDays'>,
  user: Pick<User, 'active' | 'removedAt'>,
  link: Pick<Link, 'active' | 'deleteAt' | 'deletionAskedAt'>,
  now: Date,
  canDeactivate: boolean,
): Ending {
  // Somebody who is only deactivated may come back: whatever the setting for removals, nothing is deleted for that.
  const mayReturn = user.removedAt === null && !user.active;
  switch (target.removal) {
    case 'leave':
      return { kind: 'leave' };
    case 'deactivate':
      return { kind: 'deactivate', deleteAt: null };
    case 'delete':
      return mayReturn && canDeactivate ? { kind: 'deactivate', deleteAt: null } : { kind: 'delete' };
    case 'deactivate-then-delete': {
      if (link.deleteAt !== null) return link.deleteAt <= now ? { kind: 'delete' } : { kind: 'wait' };
      // Called off once: no date is set again until the account was active once more.
      if (!link.active && link.deletionAskedAt !== null) return { kind: 'wait' };
      if (mayReturn) return link.active ? { kind: 'deactivate', deleteAt: null } : { kind: 'wait' };
      const deleteAt = new Date(now.getTime() + target.graceDays * dayMs);
      return { kind: link.active ? 'deactivate' : 'schedule', deleteAt };
    }
  }
}
