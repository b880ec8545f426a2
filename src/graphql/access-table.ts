/**
 * How to call each root field, so that a test can walk all of them with every role and from a foreign tenant. A field that is missing here
 * fails the test; how much of it each role may is declared where the field is, by @Authorized.
 */
import type { KindWithId } from './loaders.ts';

export interface AccessRow {
  /** An operation with nothing but what is needed to call the field. `$id` stands for an id of `foreign.kind`. */
  readonly operation: string;
  /** The field takes an id: of what, and what it answers to one of another tenant. Absent where it takes none. */
  readonly foreign?: { readonly kind: KindWithId; readonly answers: 'null' | 'NotFound' | 'empty' };
}

const problem = '__typename ... on Problem { message path }';

/** By `Query.field`, `Mutation.field`, `Subscription.field`. */
export const accessTable: Readonly<Record<string, AccessRow>> = {
  'Query.me': { operation: '{ me { id role tenant { name } } }' },
  'Mutation.signIn': { operation: `mutation { signIn(input: { userName: "nobody", password: "wrong" }) { ${problem} } }` },
  'Mutation.signOut': { operation: 'mutation { signOut { wasSignedIn } }' },
  'Mutation.changeMyPassword': {
    operation: `mutation { changeMyPassword(input: { currentPassword: "wrong", newPassword: "also wrong but long" }) { ${problem} } }`,
  },

  'Query.administrators': { operation: '{ administrators { edges { node { id } } totalCount } }' },
  'Mutation.createAdministrator': { operation: `mutation { createAdministrator(input: { userName: " ", role: VIEWER }) { ${problem} } }` },
  'Mutation.changeAdministrator': {
    operation: `mutation { changeAdministrator(input: { id: "$id", role: VIEWER }) { ${problem} } }`,
    foreign: { kind: 'administrator', answers: 'NotFound' },
  },
  'Mutation.resetAdministratorPassword': {
    operation: `mutation { resetAdministratorPassword(input: { id: "$id" }) { ${problem} } }`,
    foreign: { kind: 'administrator', answers: 'NotFound' },
  },
  'Mutation.removeAdministrator': {
    operation: `mutation { removeAdministrator(input: { id: "$id" }) { ${problem} } }`,
    foreign: { kind: 'administrator', answers: 'NotFound' },
  },

  'Query.tenants': { operation: '{ tenants { edges { node { id } } totalCount } }' },
  'Mutation.createTenant': { operation: `mutation { createTenant(input: { name: "-" }) { ${problem} } }` },

  'Query.apiTokens': { operation: '{ apiTokens { edges { node { id } } totalCount } }' },
  'Mutation.createApiToken': { operation: `mutation { createApiToken(input: { name: "", role: VIEWER }) { ${problem} } }` },
  'Mutation.revokeApiToken': {
    operation: `mutation { revokeApiToken(input: { id: "$id" }) { ${problem} } }`,
    foreign: { kind: 'apiToken', answers: 'NotFound' },
  },
};
