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
const saml = '{ issuer: "t", entryPoint: "https://idp.test/", certificates: ["t"] }';

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

  'Query.serviceProviders': { operation: '{ serviceProviders { edges { node { id } } totalCount } }' },
  'Query.serviceProvider': {
    operation: '{ serviceProvider(id: "$id") { id } }',
    foreign: { kind: 'serviceProvider', answers: 'null' },
  },
  'Mutation.registerServiceProvider': { operation: `mutation { registerServiceProvider(input: { name: "" }) { ${problem} } }` },
  'Mutation.changeServiceProvider': {
    operation: `mutation { changeServiceProvider(input: { id: "$id", version: 1 }) { ${problem} } }`,
    foreign: { kind: 'serviceProvider', answers: 'NotFound' },
  },
  'Mutation.removeServiceProvider': {
    operation: `mutation { removeServiceProvider(input: { id: "$id" }) { ${problem} } }`,
    foreign: { kind: 'serviceProvider', answers: 'NotFound' },
  },
  'Query.defaultOutboundProvisioning': { operation: '{ defaultOutboundProvisioning { version rows { blocking } } }' },
  'Mutation.configureOutboundProvisioning': {
    operation: `mutation { configureOutboundProvisioning(input: { serviceProviderId: "$id", version: 1, rows: [] }) { ${problem} } }`,
    foreign: { kind: 'serviceProvider', answers: 'NotFound' },
  },

  'Query.identityProviders': { operation: '{ identityProviders { edges { node { id } } totalCount } }' },
  'Query.identityProvider': {
    operation: '{ identityProvider(id: "$id") { id } }',
    foreign: { kind: 'identityProvider', answers: 'null' },
  },
  'Mutation.addIdentityProvider': { operation: `mutation { addIdentityProvider(input: { name: "" }) { ${problem} } }` },
  'Mutation.changeIdentityProvider': {
    operation: `mutation { changeIdentityProvider(input: { id: "$id", version: 1 }) { ${problem} } }`,
    foreign: { kind: 'identityProvider', answers: 'NotFound' },
  },
  'Mutation.enableIdentityProvider': {
    operation: `mutation { enableIdentityProvider(input: { id: "$id" }) { ${problem} } }`,
    foreign: { kind: 'identityProvider', answers: 'NotFound' },
  },
  'Mutation.disableIdentityProvider': {
    operation: `mutation { disableIdentityProvider(input: { id: "$id" }) { ${problem} } }`,
    foreign: { kind: 'identityProvider', answers: 'NotFound' },
  },
  'Mutation.removeIdentityProvider': {
    operation: `mutation { removeIdentityProvider(input: { id: "$id" }) { ${problem} } }`,
    foreign: { kind: 'identityProvider', answers: 'NotFound' },
  },
  'Mutation.configureJustInTimeProvisioning': {
    operation: `mutation { configureJustInTimeProvisioning(input: { identityProviderId: "$id", version: 1, enabled: true }) { ${problem} } }`,
    foreign: { kind: 'identityProvider', answers: 'NotFound' },
  },
  'Mutation.configureAuthenticator': {
    operation: `mutation { configureAuthenticator(input: { identityProviderId: "$id", version: 1, saml: ${saml} }) { ${problem} } }`,
    foreign: { kind: 'identityProvider', answers: 'NotFound' },
  },

  'Query.connectorDefinitions': { operation: '{ connectorDefinitions { type } }' },
  'Query.provisioningConnectors': { operation: '{ provisioningConnectors { edges { node { id } } totalCount } }' },
  'Query.provisioningConnector': {
    operation: '{ provisioningConnector(id: "$id") { id } }',
    foreign: { kind: 'target', answers: 'null' },
  },
  'Mutation.enableProvisioningConnector': {
    operation: `mutation { enableProvisioningConnector(input: { identityProviderId: "$id", name: "t", connectorType: "t", config: {} }) { ${problem} } }`,
    foreign: { kind: 'identityProvider', answers: 'NotFound' },
  },
  'Mutation.configureProvisioningConnector': {
    operation: `mutation { configureProvisioningConnector(input: { id: "$id", version: 1 }) { ${problem} } }`,
    foreign: { kind: 'target', answers: 'NotFound' },
  },
  'Mutation.disableProvisioningConnector': {
    operation: `mutation { disableProvisioningConnector(input: { id: "$id" }) { ${problem} } }`,
    foreign: { kind: 'target', answers: 'NotFound' },
  },
  'Mutation.reenableProvisioningConnector': {
    operation: `mutation { reenableProvisioningConnector(input: { id: "$id" }) { ${problem} } }`,
    foreign: { kind: 'target', answers: 'NotFound' },
  },
  'Mutation.resumeProvisioningConnector': {
    operation: `mutation { resumeProvisioningConnector(input: { id: "$id" }) { ${problem} } }`,
    foreign: { kind: 'target', answers: 'NotFound' },
  },
  'Mutation.removeProvisioningConnector': {
    operation: `mutation { removeProvisioningConnector(input: { id: "$id" }) { ${problem} } }`,
    foreign: { kind: 'target', answers: 'NotFound' },
  },
  'Mutation.checkProvisioningConnector': {
    operation: `mutation { checkProvisioningConnector(input: { id: "$id", config: {} }) { ${problem} } }`,
    foreign: { kind: 'target', answers: 'NotFound' },
  },
};
