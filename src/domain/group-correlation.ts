/** Groups found at a target by our group's name -> create one, take this one, wait or stop. Ambiguous is never guessed. */
import type { Adoption } from './vocabulary.ts';

export interface FoundGroup {
  /** It is the counterpart of another group of ours, which keeps it, is about to be renamed or is about to end. */
  readonly heldByAnother: boolean;
}

export type GroupCorrelation =
  | { readonly kind: 'create' }
  | { readonly kind: 'take'; readonly index: number; readonly origin: 'created' | 'adopted' }
  /** What stands in the way is ours, and on its way to another name or out. */
  | { readonly kind: 'wait'; readonly message: string }
  | { readonly kind: 'stop'; readonly message: string };

/** `begun`: there was none of this name when Usher asked for one, and no answer came: the one that is found is that one. */
export function correlateGroup(
  found: readonly FoundGroup[],
  { adoption, begun }: { adoption: Adoption; begun: boolean },
): GroupCorrelation {
  const [first] = found;
  if (!first) return { kind: 'create' };
  if (found.length > 1)
    return { kind: 'stop', message: 'Several groups at the target have the name of this group. Rename the others, or this one.' };
  if (first.heldByAnother)
    return { kind: 'wait', message: 'The group of this name at the target still belongs to another group that is provisioned there.' };
  if (begun) return { kind: 'take', index: 0, origin: 'created' };
  if (adoption === 'link') return { kind: 'take', index: 0, origin: 'adopted' };
  return {
    kind: 'stop',
    message:
      'A group of this name exists at the target, and the connector is set not to adopt without being asked. Rename one of the two, or let the connector adopt what matches.',
  };
}
