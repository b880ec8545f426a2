/**
 * Every event: when it is written and what it carries besides tenant, time, user, target and operation. Payloads hold ids, names of
 * settings and fixed words, never a secret or a person's attribute values. Integrators program against these; only add.
 */
type FieldType = 'string' | 'integer' | 'boolean';
interface Entry {
  readonly when: string;
  readonly payload: Readonly<Record<string, FieldType>>;
}

export const eventCatalogue = {
  'tenant.created': { when: 'A tenant was made.', payload: { name: 'string' } },
  'administrator.created': { when: 'An administrator was made.', payload: { administratorId: 'string', role: 'string' } },
  'administrator.changed': {
    when: 'An administrator was given another role or password.',
    payload: { administratorId: 'string', role: 'string' },
  },
  'administrator.removed': { when: 'An administrator was removed.', payload: { administratorId: 'string' } },
  'administrator.locked': {
    when: 'Too many wrong passwords locked an administrator out for a while.',
    payload: { administratorId: 'string' },
  },
  'api-token.created': { when: 'An API token was made.', payload: { apiTokenId: 'string', role: 'string' } },
  'api-token.revoked': { when: 'An API token was revoked.', payload: { apiTokenId: 'string' } },
  'user-store.created': { when: 'A user store was made.', payload: { userStoreId: 'string', name: 'string' } },
  'user.created': { when: 'A user was made by an administrator, a registration or a just-in-time sign-in.', payload: { by: 'string' } },
  'user.changed': { when: 'Name, attributes or groups of a user changed.', payload: { by: 'string' } },
  'user.deactivated': { when: 'A user was deactivated.', payload: {} },
  'user.reactivated': { when: 'A user was made active again.', payload: {} },
  'user.removed': { when: 'A user was removed; accounts follow as each target says.', payload: {} },
  'user.locked': { when: 'Too many wrong passwords locked a user out for a while.', payload: {} },
  'group.created': { when: 'A group was made.', payload: { groupId: 'string', name: 'string' } },
  'group.changed': {
    when: 'A group was renamed or its members changed.',
    payload: { groupId: 'string', name: 'string', added: 'integer', removed: 'integer' },
  },
  'group.removed': { when: 'A group was removed.', payload: { groupId: 'string', name: 'string' } },
  'service-provider.registered': { when: 'A service provider was registered.', payload: { serviceProviderId: 'string', name: 'string' } },
  'service-provider.changed': { when: 'A service provider was changed.', payload: { serviceProviderId: 'string', name: 'string' } },
  'service-provider.removed': { when: 'A service provider was removed.', payload: { serviceProviderId: 'string', name: 'string' } },
  'identity-provider.added': { when: 'An identity provider was added.', payload: { identityProviderId: 'string', name: 'string' } },
  'identity-provider.changed': {
    when: 'An identity provider was changed, enabled or disabled.',
    payload: { identityProviderId: 'string', name: 'string', enabled: 'boolean' },
  },
  'identity-provider.removed': { when: 'An identity provider was removed.', payload: { identityProviderId: 'string', name: 'string' } },
  'connector.enabled': {
    when: 'A provisioning connector was enabled for the first time or again.',
    payload: { name: 'string', connectorType: 'string' },
  },
  'connector.configured': {
    when: 'The settings of a provisioning connector changed.',
    payload: { name: 'string', connectorType: 'string' },
  },
  'connector.disabled': {
    when: 'A provisioning connector was disabled: its operations wait.',
    payload: { name: 'string', connectorType: 'string' },
  },
  'connector.removed': { when: 'A provisioning connector was removed.', payload: { name: 'string', connectorType: 'string' } },
  'outbound-provisioning.configured': {
    when: 'The outbound rows of a service provider, or the default of the tenant, were saved.',
    payload: { serviceProviderId: 'string', rows: 'integer', inherits: 'boolean' },
  },
  'assignment.added': { when: 'A user came to belong at a target.', payload: { serviceProviderId: 'string' } },
  'assignment.removed': { when: 'A user ceased to belong at a target.', payload: { serviceProviderId: 'string' } },
  'provisioning.requested': { when: 'An operation was written.', payload: { kind: 'string', trigger: 'string' } },
  'provisioning.skipped': {
    when: 'A target was looked at and nothing is to be done there although somebody might expect it.',
    payload: { reason: 'string' },
  },
  'provisioning.succeeded': { when: 'An operation ended well.', payload: { kind: 'string', action: 'string', attempts: 'integer' } },
  'provisioning.retried': {
    when: 'An attempt failed and another will follow.',
    payload: { kind: 'string', failure: 'string', attempts: 'integer' },
  },
  'provisioning.failed': {
    when: 'An operation was given up; an operator may retry it.',
    payload: { kind: 'string', failure: 'string', attribute: 'string', message: 'string', attempts: 'integer' },
  },
  'target.suspended': { when: 'A target refuses our credentials: it waits for its configuration to change.', payload: {} },
  'target.resumed': { when: 'A suspended target works again or was configured anew.', payload: {} },
  'target.paused': { when: 'A target asked for time: all its calls wait.', payload: { milliseconds: 'integer' } },
  'target.circuit-opened': { when: 'Too many transient failures in a row: only probes from now on.', payload: { failures: 'integer' } },
  'target.circuit-closed': { when: 'A probe succeeded: the target works again.', payload: {} },
  'login.held': {
    when: 'A login waits for its blocking targets.',
    payload: { loginAttemptId: 'string', serviceProviderId: 'string', targets: 'integer' },
  },
  'login.opened': {
    when: 'A login that was held was let in.',
    payload: { loginAttemptId: 'string', serviceProviderId: 'string', heldMilliseconds: 'integer', unprovisionedTargets: 'integer' },
  },
  'login.refused': {
    when: 'A login was refused.',
    payload: { loginAttemptId: 'string', serviceProviderId: 'string', reason: 'string', reference: 'string' },
  },
} as const satisfies Record<string, Entry>;

export type EventType = keyof typeof eventCatalogue;
type ValueOf<T extends FieldType> = T extends 'string' ? string : T extends 'integer' ? number : boolean;
export type PayloadOf<T extends EventType> = {
  readonly [K in keyof (typeof eventCatalogue)[T]['payload']]: (typeof eventCatalogue)[T]['payload'][K] extends FieldType
    ? ValueOf<(typeof eventCatalogue)[T]['payload'][K]> | null
    : never;
};
