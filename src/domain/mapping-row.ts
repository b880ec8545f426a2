/** One row of a target's mapping: which account attribute gets which value, when, and who owns it. Plain values, as they are stored. */

/** Where an account attribute's value comes from. */
export type MappingSource =
  | { readonly kind: 'user-id' }
  | { readonly kind: 'user-name' }
  /** What the pattern in the target's form makes of the user; see user-id-pattern.ts. */
  | { readonly kind: 'user-id-pattern' }
  | { readonly kind: 'attribute'; readonly name: string; readonly fallback?: MappingSource }
  | { readonly kind: 'constant'; readonly value: string | readonly string[] }
  /** The identity provider's names of the groups the user is in, by its role mappings. */
  | { readonly kind: 'roles' }
  /** JSONata over the document that mapping/document.ts describes. */
  | { readonly kind: 'expression'; readonly text: string }
  /** Whatever is there goes. */
  | { readonly kind: 'clear' };

export const accountTypes = ['string', 'boolean', 'integer', 'strings'] as const;
export type AccountType = (typeof accountTypes)[number];

/** always: at every change. create-only: when the account is made. if-empty: while the target has no value of its own. */
export const mappingWhens = ['always', 'create-only', 'if-empty'] as const;
export type MappingWhen = (typeof mappingWhens)[number];

/** source: ours wins and clears. target: the target's own value wins once there is one. never-clear: we set values and never clear. */
export const mappingOwners = ['source', 'target', 'never-clear'] as const;
export type MappingOwner = (typeof mappingOwners)[number];

export interface MappingRow {
  /** The account attribute. */
  readonly attribute: string;
  /** Of an attribute that the connector allows by its form of name only; null: as the connector declares it. */
  readonly type: AccountType | null;
  readonly source: MappingSource;
  readonly when: MappingWhen;
  readonly owner: MappingOwner;
  /** Taken where the source has no value; empty: none. */
  readonly defaultValues: readonly string[];
}
