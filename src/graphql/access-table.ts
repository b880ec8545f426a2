/**
 * How to call each root field, so that a test can walk all of them with every role and from a foreign tenant. A field that is missing here
 * fails the test; how much of it each role may is declared where the field is, by @Authorized.
 */
import type { KindWithId } from '../commands/ports.ts';

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
    operation: `mutation { changeAdministrator(input: { id: "$id", version: 1, role: VIEWER }) { ${problem} } }`,
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

  'Query.userStores': { operation: '{ userStores { edges { node { id } } totalCount } }' },
  'Mutation.createUserStore': { operation: `mutation { createUserStore(input: { name: "" }) { ${problem} } }` },

  'Query.users': { operation: '{ users { edges { node { id } } totalCount } }' },
  'Query.user': { operation: '{ user(id: "$id") { id } }', foreign: { kind: 'user', answers: 'null' } },
  'Query.assignments': {
    operation: '{ assignments(filter: { userId: "$id" }) { edges { node { id } } totalCount } }',
    foreign: { kind: 'user', answers: 'empty' },
  },
  'Query.links': {
    operation: '{ links(filter: { userId: "$id" }) { edges { node { id } } totalCount } }',
    foreign: { kind: 'user', answers: 'empty' },
  },
  'Mutation.createUser': { operation: `mutation { createUser(input: { userName: "" }) { ${problem} } }` },
  'Mutation.changeUser': {
    operation: `mutation { changeUser(input: { id: "$id", version: 1 }) { ${problem} } }`,
    foreign: { kind: 'user', answers: 'NotFound' },
  },
  'Mutation.deactivateUser': {
    operation: `mutation { deactivateUser(input: { id: "$id" }) { ${problem} } }`,
    foreign: { kind: 'user', answers: 'NotFound' },
  },
  'Mutation.reactivateUser': {
    operation: `mutation { reactivateUser(input: { id: "$id" }) { ${problem} } }`,
    foreign: { kind: 'user', answers: 'NotFound' },
  },
  'Mutation.removeUser': {
    operation: `mutation { removeUser(input: { id: "$id" }) { ${problem} } }`,
    foreign: { kind: 'user', answers: 'NotFound' },
  },
  'Mutation.registerUser': {
    operation: `mutation { registerUser(input: { serviceProviderId: "00000000-0000-7000-8000-000000000000", userName: "t" }) { ${problem} } }`,
  },
  'Mutation.setUserPassword': {
    operation: `mutation { setUserPassword(input: { userId: "$id", password: "long enough to be one" }) { ${problem} } }`,
    foreign: { kind: 'user', answers: 'NotFound' },
  },
  'Mutation.assignUser': {
    operation: `mutation { assignUser(input: { userId: "$id", targetId: "$id" }) { ${problem} } }`,
    foreign: { kind: 'user', answers: 'NotFound' },
  },
  'Mutation.removeAssignment': {
    operation: `mutation { removeAssignment(input: { id: "$id" }) { ${problem} } }`,
    foreign: { kind: 'assignment', answers: 'NotFound' },
  },
  'Mutation.provisionUserNow': {
    operation: `mutation { provisionUserNow(input: { userId: "$id" }) { ${problem} } }`,
    foreign: { kind: 'user', answers: 'NotFound' },
  },

  'Mutation.linkIdentity': {
    operation: `mutation { linkIdentity(input: { userId: "$id", identityProviderId: "$id", subject: "s" }) { ${problem} } }`,
    foreign: { kind: 'user', answers: 'NotFound' },
  },
  'Mutation.unlinkIdentity': {
    operation: `mutation { unlinkIdentity(input: { id: "$id" }) { ${problem} } }`,
    foreign: { kind: 'identity', answers: 'NotFound' },
  },

  'Query.groups': { operation: '{ groups { edges { node { id } } totalCount } }' },
  'Query.group': { operation: '{ group(id: "$id") { id } }', foreign: { kind: 'group', answers: 'null' } },
  'Query.groupMembers': {
    operation: '{ groupMembers(groupId: "$id") { edges { node { id } } totalCount } }',
    foreign: { kind: 'group', answers: 'null' },
  },
  'Mutation.createGroup': { operation: `mutation { createGroup(input: { name: "" }) { ${problem} } }` },
  'Mutation.changeGroup': {
    operation: `mutation { changeGroup(input: { id: "$id", version: 1, name: "t" }) { ${problem} } }`,
    foreign: { kind: 'group', answers: 'NotFound' },
  },
  'Mutation.removeGroup': {
    operation: `mutation { removeGroup(input: { id: "$id" }) { ${problem} } }`,
    foreign: { kind: 'group', answers: 'NotFound' },
  },
  'Mutation.addMembers': {
    operation: `mutation { addMembers(input: { groupId: "$id", userIds: [] }) { ${problem} } }`,
    foreign: { kind: 'group', answers: 'NotFound' },
  },
  'Mutation.removeMembers': {
    operation: `mutation { removeMembers(input: { groupId: "$id", userIds: [] }) { ${problem} } }`,
    foreign: { kind: 'group', answers: 'NotFound' },
  },

  'Query.adoptionCases': {
    operation: '{ adoptionCases(filter: { userId: "$id" }) { edges { node { id wanted { name values } } } totalCount } }',
    foreign: { kind: 'user', answers: 'empty' },
  },
  'Mutation.linkAccount': {
    operation: `mutation { linkAccount(input: { userId: "$id", targetId: "$id", accountId: "a" }) { ${problem} } }`,
    foreign: { kind: 'user', answers: 'NotFound' },
  },
  'Mutation.refuseAccount': {
    operation: `mutation { refuseAccount(input: { caseId: "$id" }) { ${problem} } }`,
    foreign: { kind: 'adoptionCase', answers: 'NotFound' },
  },
  'Mutation.createAnotherAccount': {
    operation: `mutation { createAnotherAccount(input: { caseId: "$id" }) { ${problem} } }`,
    foreign: { kind: 'adoptionCase', answers: 'NotFound' },
  },
  'Mutation.unlinkAccount': {
    operation: `mutation { unlinkAccount(input: { userId: "$id", targetId: "$id" }) { ${problem} } }`,
    foreign: { kind: 'user', answers: 'NotFound' },
  },
  'Mutation.cancelDeletion': {
    operation: `mutation { cancelDeletion(input: { userId: "$id", targetId: "$id" }) { ${problem} } }`,
    foreign: { kind: 'user', answers: 'NotFound' },
  },
  'Mutation.confirmUser': {
    operation: `mutation { confirmUser(input: { id: "$id" }) { ${problem} } }`,
    foreign: { kind: 'user', answers: 'NotFound' },
  },
  'Query.heldRemovals': { operation: '{ heldRemovals { edges { node { targetId count operations { totalCount } } } totalCount } }' },
  'Mutation.confirmRemovals': {
    operation: `mutation { confirmRemovals(input: { targetId: "$id", count: 1 }) { ${problem} } }`,
    foreign: { kind: 'target', answers: 'NotFound' },
  },
  'Mutation.cancelRemovals': {
    operation: `mutation { cancelRemovals(input: { targetId: "$id", count: 1 }) { ${problem} } }`,
    foreign: { kind: 'target', answers: 'NotFound' },
  },

  'Query.provisionedGroups': {
    operation: '{ provisionedGroups(filter: { targetId: "$id" }) { edges { node { id } } totalCount } }',
    foreign: { kind: 'target', answers: 'empty' },
  },
  'Mutation.configureGroupProvisioning': {
    operation: `mutation { configureGroupProvisioning(input: { targetId: "$id", version: 1, groups: [] }) { ${problem} } }`,
    foreign: { kind: 'target', answers: 'NotFound' },
  },
  'Mutation.retryProvisionedGroups': {
    operation: `mutation { retryProvisionedGroups(input: { targetId: "$id" }) { ${problem} } }`,
    foreign: { kind: 'target', answers: 'NotFound' },
  },

  'Query.reevaluations': { operation: '{ reevaluations { edges { node { id } } totalCount } }' },
  'Query.operations': {
    operation: '{ operations(filter: { userId: "$id" }) { edges { node { id } } totalCount } }',
    foreign: { kind: 'user', answers: 'empty' },
  },
  'Query.operation': { operation: '{ operation(id: "$id") { id } }', foreign: { kind: 'operation', answers: 'null' } },
  'Mutation.retryOperations': {
    operation: `mutation { retryOperations(input: { since: "9999-01-01T00:00:00Z" }) { ${problem} } }`,
  },

  'Mutation.configureMapping': {
    operation: `mutation { configureMapping(input: { targetId: "$id", version: 1 }) { ${problem} } }`,
    foreign: { kind: 'target', answers: 'NotFound' },
  },
  'Query.previewAccount': {
    operation: `{ previewAccount(userId: "$id", targetId: "$id") { ${problem} } }`,
    foreign: { kind: 'target', answers: 'NotFound' },
  },
  'Query.explain': { operation: '{ explain(userId: "$id") { holdsLogin } }', foreign: { kind: 'user', answers: 'null' } },
  'Query.policies': { operation: '{ policies { edges { node { id } } totalCount } }' },
  'Query.policy': { operation: '{ policy(id: "$id") { id } }', foreign: { kind: 'policy', answers: 'null' } },
  'Query.rules': { operation: '{ rules { revision combining timeZone policiesInForce } }' },
  'Query.validatePolicy': { operation: '{ validatePolicy(xml: "") { faults { line } } }' },
  'Query.policyTemplates': { operation: '{ policyTemplates { template } }' },
  'Query.previewPolicy': { operation: `{ previewPolicy(form: { template: ROLE }) { ${problem} } }` },
  'Mutation.createPolicy': { operation: `mutation { createPolicy(input: { name: "" }) { ${problem} } }` },
  'Mutation.changePolicy': {
    operation: `mutation { changePolicy(input: { id: "$id", version: 1, name: "t" }) { ${problem} } }`,
    foreign: { kind: 'policy', answers: 'NotFound' },
  },
  'Mutation.publishPolicy': {
    operation: `mutation { publishPolicy(input: { id: "$id", version: 1 }) { ${problem} } }`,
    foreign: { kind: 'policy', answers: 'NotFound' },
  },
  'Mutation.activatePolicy': {
    operation: `mutation { activatePolicy(input: { id: "$id", version: 1 }) { ${problem} } }`,
    foreign: { kind: 'policy', answers: 'NotFound' },
  },
  'Mutation.deactivatePolicy': {
    operation: `mutation { deactivatePolicy(input: { id: "$id", version: 1 }) { ${problem} } }`,
    foreign: { kind: 'policy', answers: 'NotFound' },
  },
  'Mutation.restorePolicyVersion': {
    operation: `mutation { restorePolicyVersion(input: { id: "$id", version: 1, number: 1 }) { ${problem} } }`,
    foreign: { kind: 'policy', answers: 'NotFound' },
  },
  'Mutation.removePolicy': {
    operation: `mutation { removePolicy(input: { id: "$id", version: 1 }) { ${problem} } }`,
    foreign: { kind: 'policy', answers: 'NotFound' },
  },
  'Mutation.configureRules': { operation: `mutation { configureRules(input: { revision: -1 }) { ${problem} } }` },
  'Query.tryPolicy': {
    operation: `{ tryPolicy(trial: { form: { template: TIME, hours: { from: "09:00:00", to: "17:00:00" } } }, userId: "$id") { ${problem} } }`,
    foreign: { kind: 'user', answers: 'NotFound' },
  },
  'Query.tryPolicyOnEverybody': {
    operation: `{ tryPolicyOnEverybody(trial: { policyId: "$id" }) { ${problem} } }`,
    foreign: { kind: 'policy', answers: 'NotFound' },
  },
  'Query.ruleDecisions': {
    operation: '{ ruleDecisions(filter: { userId: "$id" }) { edges { node { id } } totalCount } }',
    foreign: { kind: 'user', answers: 'empty' },
  },

  'Query.loginAttempts': {
    operation: '{ loginAttempts(filter: { userId: "$id" }) { edges { node { id } } totalCount } }',
    foreign: { kind: 'user', answers: 'empty' },
  },

  'Query.sessions': {
    operation: '{ sessions(filter: { userId: "$id" }) { edges { node { id } } totalCount } }',
    foreign: { kind: 'user', answers: 'empty' },
  },
  'Mutation.endSession': {
    operation: `mutation { endSession(input: { id: "$id" }) { ${problem} } }`,
    foreign: { kind: 'session', answers: 'NotFound' },
  },
  'Mutation.endSessionsOfUser': {
    operation: `mutation { endSessionsOfUser(input: { userId: "$id" }) { ${problem} } }`,
    foreign: { kind: 'user', answers: 'NotFound' },
  },

  'Query.eventCatalogue': { operation: '{ eventCatalogue { type } }' },
  'Query.events': { operation: '{ events(first: 1) { endPosition } }' },
  'Subscription.provisioningEvents': { operation: 'subscription { provisioningEvents { position } }' },
};
