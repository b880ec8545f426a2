/** Accounts found by the matching attribute -> create, use this one, or stop. Ambiguous is never guessed. */
import type { Adoption } from './vocabulary.ts';

export interface Found {
  /** The account carries our own id of this very user: an earlier attempt of ours made it. */
  readonly ours: boolean;
  /** It is the account of somebody else we know. */
  readonly linkedToAnother: boolean;
}

export type Correlation =
  | { readonly kind: 'create' }
  | { readonly kind: 'link'; readonly index: number; readonly origin: 'created' | 'adopted' }
  | { readonly kind: 'stop'; readonly message: string };

export function correlate(found: readonly Found[], adoption: Adoption): Correlation {
  const ours = found.findIndex((account) => account.ours && !account.linkedToAnother);
  if (ours >= 0) return { kind: 'link', index: ours, origin: 'created' };
  const [first] = found;
  if (!first) return { kind: 'create' };
  if (found.length > 1)
    return {
      kind: 'stop',
      message: 'Several accounts at the target match this user. Link the right one or make the matching attribute unique.',
    };
  if (first.linkedToAnother) return { kind: 'stop', message: 'The account at the target that matches this user belongs to another user.' };
  if (adoption === 'refuse')
    return {
      kind: 'stop',
      message: 'An account that matches this user exists at the target, and the connector is set not to adopt accounts.',
    };
  return { kind: 'link', index: 0, origin: 'adopted' };
}
