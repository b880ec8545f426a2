/** Accounts found -> create, use this one, let a person decide, or stop. Ambiguous is never guessed, and what is protected never touched. */
import type { Adoption, AdoptionChoice, AdoptionReason } from './vocabulary.ts';

export interface Found {
  /** The account carries our own id of this very user: an earlier attempt of ours made it. */
  readonly ours: boolean;
  /** It is the account of somebody else we know. */
  readonly linkedToAnother: boolean;
  /** The target told its value of the matching attribute, and that is the user's. */
  readonly verified: boolean;
  /** Why nobody but a person at the target should change it; null: no reason. */
  readonly protectedAs: string | null;
  /** What somebody decided about it and this user; null: nothing. */
  readonly choice: AdoptionChoice | null;
}

export interface Adopting {
  readonly adoption: Adoption;
  /** The user only said themself who they are. */
  readonly selfRegistered: boolean;
}

export type Correlation =
  | { readonly kind: 'create' }
  | { readonly kind: 'link'; readonly index: number; readonly origin: 'created' | 'adopted' }
  /** These wait for a person; `message` tells what for. */
  | { readonly kind: 'ask'; readonly reason: AdoptionReason; readonly indexes: readonly number[]; readonly message: string }
  | { readonly kind: 'stop'; readonly message: string };

export function correlate(found: readonly Found[], { adoption, selfRegistered }: Adopting): Correlation {
  const indexed = found.map((account, index) => ({ ...account, index }));
  const open = indexed.filter(({ choice }) => choice === null || choice === 'link');
  const known = open.find(({ choice }) => choice === 'link') ?? open.find((account) => account.ours && !account.linkedToAnother);
  if (known) return taken(known, known.ours ? 'created' : 'adopted');
  if (found.length === 0) return { kind: 'create' };
  const [first] = open;
  if (!first) return found.some(({ choice }) => choice === 'create-another') ? { kind: 'create' } : stop('decided-against');
  if (open.length > 1) {
    const free = open.filter((account) => !account.linkedToAnother && account.protectedAs === null);
    return free.length === 0 || adoption === 'refuse' ? stop('ambiguous') : ask('ambiguous', free);
  }
  if (first.linkedToAnother || first.protectedAs !== null) return taken(first, 'adopted');
  if (adoption === 'refuse') return stop('set-to-refuse');
  if (adoption === 'ask') return ask('set-to-ask', open);
  if (!first.verified) return ask('unverified', open);
  return selfRegistered ? ask('self-registered', open) : taken(first, 'adopted');
}

/** Why a protected account is left alone, in words for an administrator. */
export const protectedMessage = (protectedAs: string): string =>
  `The account is protected (${protectedAs}): Usher neither adopts nor changes nor ends it.`;

const messages = {
  another: 'The account at the target that matches this user belongs to another user.',
  'decided-against':
    "Somebody decided that the account that matches isn't this user's. Link one by hand, or make the matching attribute another.",
  'set-to-refuse': 'An account that matches this user exists at the target, and the connector is set not to adopt accounts.',
  ambiguous: 'Several accounts at the target match this user. Link the right one or make the matching attribute unique.',
  'set-to-ask': 'An account that matches this user exists at the target, and the connector is set to ask: it waits for somebody to decide.',
  unverified:
    "The target found an account for this user whose matching attribute isn't the user's: it waits for somebody to decide whether it is theirs.",
  'self-registered':
    'An account that matches this user exists at the target, and the user only registered themself: it waits for somebody to decide.',
} as const;

const stop = (why: keyof typeof messages): Correlation => ({ kind: 'stop', message: messages[why] });

const ask = (reason: AdoptionReason, accounts: readonly { readonly index: number }[]): Correlation => ({
  kind: 'ask',
  reason,
  indexes: accounts.map(({ index }) => index),
  message: messages[reason],
});

function taken(account: Found & { readonly index: number }, origin: 'created' | 'adopted'): Correlation {
  if (account.linkedToAnother) return stop('another');
  if (account.protectedAs !== null) return { kind: 'stop', message: protectedMessage(account.protectedAs) };
  return { kind: 'link', index: account.index, origin };
}
