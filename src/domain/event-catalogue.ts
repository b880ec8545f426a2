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
  'administrator.session-ended': {
    when: 'Somebody ended a session of an administrator.',
    payload: { administratorId: 'string', sessionId: 'string', by: 'string' },
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
  'user.session-ended': {
    when: 'Somebody ended a session of a user.',
    payload: { sessionId: 'string', serviceProviderId: 'string', by: 'string' },
  },
  'user.sessions-ended': {
    when: 'Somebody ended all sessions of a user, or those through an identity that was unlinked, and refused the logins that were held; a deactivation, a removal, a new password or an identity provider that is disabled ends them, too, without this event.',
    payload: { sessions: 'integer', refusedLogins: 'integer', by: 'string' },
  },
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
  'connector.checked': {
    when: 'A provisioning connector was tried after its settings were saved.',
    payload: { name: 'string', connectorType: 'string', works: 'boolean', problems: 'integer' },
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
  'policy.drafted': {
    when: 'A policy was made, or its draft was changed.',
    payload: { policyId: 'string', name: 'string', by: 'string' },
  },
  'policy.changed': {
    when: 'The name or description of a policy was changed.',
    payload: { policyId: 'string', name: 'string', by: 'string' },
  },
  'policy.published': {
    when: 'The draft of a policy became its published version; in force where the policy is active.',
    payload: { policyId: 'string', name: 'string', number: 'integer', active: 'boolean', by: 'string' },
  },
  'policy.activated': { when: 'A policy came into force.', payload: { policyId: 'string', name: 'string', by: 'string' } },
  'policy.deactivated': { when: 'A policy was taken out of force.', payload: { policyId: 'string', name: 'string', by: 'string' } },
  'policy.removed': { when: 'A policy was removed with all its versions.', payload: { policyId: 'string', name: 'string', by: 'string' } },
  'rules.configured': {
    when: 'The order of the policies, the algorithm that combines them or the time zone of rules was set.',
    payload: { combining: 'string', timeZone: 'string', ordered: 'boolean', by: 'string' },
  },
  'reevaluation.started': {
    when: 'A changed setting concerns many people: they are looked at again in the background.',
    payload: { reevaluationId: 'string', cause: 'string', assignments: 'integer' },
  },
  'reevaluation.finished': {
    when: 'Everybody whom a changed setting concerns was looked at again; the operations it called for may still run.',
    payload: { reevaluationId: 'string', cause: 'string', assignments: 'integer', operations: 'integer' },
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
  'adoption.undecided': {
    when: "Accounts that may be the person's were found, and wait for somebody to decide.",
    payload: { reason: 'string', accounts: 'integer' },
  },
  'adoption.decided': {
    when: 'Somebody linked one of the accounts that were found, refused them, or asked for another one beside them.',
    payload: { decision: 'string', accountId: 'string', by: 'string' },
  },
  'account.unlinked': {
    when: "Somebody undid a link: the account stays as it is, and is the person's no more.",
    payload: { accountId: 'string', by: 'string' },
  },
  'account.deletion-scheduled': {
    when: 'A deactivated account will be deleted after its grace period.',
    payload: { accountId: 'string', deleteAt: 'string' },
  },
  'account.deletion-cancelled': {
    when: 'A scheduled deletion of an account was cancelled, by somebody or because the person belongs there again.',
    payload: { accountId: 'string', by: 'string' },
  },
  'removals.held': {
    when: 'More accounts than the guard of the connector lets pass were to end: they wait for somebody to confirm.',
    payload: { held: 'integer', waiting: 'integer' },
  },
  'removals.confirmed': { when: 'Somebody confirmed held removals: they go on.', payload: { removals: 'integer', by: 'string' } },
  'removals.cancelled': { when: 'Somebody cancelled held removals: the accounts stay.', payload: { removals: 'integer', by: 'string' } },
  'group-provisioning.configured': {
    when: 'The groups that are provisioned into a connector were chosen.',
    payload: { groups: 'integer', added: 'integer', ended: 'integer' },
  },
  'group-provisioning.succeeded': {
    when: 'A group at a target became right: it is there under our name, and every member of ours who has an account there is in it.',
    payload: { groupId: 'string', added: 'integer', removed: 'integer', members: 'integer' },
  },
  'group-provisioning.failed': {
    when: 'A group at a target was given up until something changes; an operator may retry it.',
    payload: { groupId: 'string', failure: 'string', message: 'string', attempts: 'integer' },
  },
  'group-provisioning.ended': {
    when: 'A group is no longer provisioned into a target: it was deleted there where that was asked for, or was left as it is.',
    payload: { groupId: 'string', deleted: 'boolean' },
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
