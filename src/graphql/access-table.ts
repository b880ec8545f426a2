/**
 * How to call each root field, so that a test can walk all of them with every role and from a foreign tenant. A field that is missing here
 * fails the test. `foreign` names the kind whose id the variables carry: asked from another tenant it must answer null or NotFound.
 */
export interface AccessRow {
  /** A whole operation with nothing but what is needed to call the field. `$id` is replaced by an id that exists in the other tenant. */
  readonly operation: string;
  /** What the operation tells about an id of another tenant; absent where it takes no id. */
  readonly foreign?: 'null' | 'not-found' | 'empty';
}

const problem = '__typename ... on Problem { message path }';
const unknownId = '00000000-0000-7000-8000-000000000000';
export { unknownId };

/** By `Query.field`, `Mutation.field`, `Subscription.field`. */
export const accessTable: Readonly<Record<string, AccessRow>> = {
  'Query.apiTokens': { operation: '{ apiTokens { edges { node { id } } } }' },
  'Mutation.createApiToken': { operation: `mutation { createApiToken(input: { name: "t", role: VIEWER }) { ${problem} } }` },
  'Mutation.revokeApiToken': { operation: `mutation { revokeApiToken(input: { id: "$id" }) { ${problem} } }`, foreign: 'not-found' },
};
