/** What the engine keeps: assignments, links, operations with their attempts, and logins that wait for them. */
import { defineEntity, p } from '@mikro-orm/core';
import type { AccountAttributes, LoginHold, TargetId } from '../../domain/vocabulary.ts';
import { UserEntity } from './people.ts';
import { IdentityProviderEntity, ServiceProviderEntity, TargetEntity } from './settings.ts';
import { TenantEntity } from './tenancy.ts';

export const AssignmentEntity = defineEntity({
  name: 'Assignment',
  tableName: 'assignment',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    userId: () => p.manyToOne(UserEntity).mapToPk().fieldName('user_id').deleteRule('cascade'),
    targetId: () => p.manyToOne(TargetEntity).mapToPk().fieldName('target_id').deleteRule('cascade'),
    serviceProviderId: () => p.manyToOne(ServiceProviderEntity).mapToPk().fieldName('service_provider_id').nullable().deleteRule('cascade'),
    createdAt: p.datetime(3),
  },
  indexes: [
    { name: 'assignment_page', properties: ['tenantId', 'id'] },
    { name: 'assignment_of_user', properties: ['userId', 'targetId'] },
    { name: 'assignment_of_target', properties: ['targetId', 'id'] },
    { name: 'assignment_of_service_provider', properties: ['serviceProviderId'] },
  ],
  uniques: [
    {
      name: 'assignment_unique',
      expression:
        'create unique index "assignment_unique" on "assignment" ("user_id", "target_id", "service_provider_id") where "service_provider_id" is not null',
    },
    {
      name: 'assignment_default_unique',
      expression:
        'create unique index "assignment_default_unique" on "assignment" ("user_id", "target_id") where "service_provider_id" is null',
    },
  ],
});

export const LinkEntity = defineEntity({
  name: 'Link',
  tableName: 'link',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    userId: () => p.manyToOne(UserEntity).mapToPk().fieldName('user_id').deleteRule('cascade'),
    targetId: () => p.manyToOne(TargetEntity).mapToPk().fieldName('target_id').deleteRule('cascade'),
    accountId: p.text(),
    origin: p.text(),
    active: p.boolean(),
    applied: p.json<AccountAttributes>(),
    appliedAt: p.datetime(3),
    linkedAt: p.datetime(3).nullable(),
    deleteAt: p.datetime(3).nullable(),
    deletionAskedAt: p.datetime(3).nullable(),
    protectedAs: p.text().nullable(),
  },
  indexes: [
    { name: 'link_page', properties: ['tenantId', 'id'] },
    {
      name: 'link_deletion',
      expression: `create index "link_deletion" on "link" ("tenant_id", "delete_at") where "delete_at" is not null and "deletion_asked_at" is null`,
    },
  ],
  uniques: [
    { name: 'link_user_target_unique', properties: ['userId', 'targetId'] },
    { name: 'link_target_account_unique', properties: ['targetId', 'accountId'] },
  ],
});

export const OperationEntity = defineEntity({
  name: 'Operation',
  tableName: 'operation',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    userId: () => p.manyToOne(UserEntity).mapToPk().fieldName('user_id').deleteRule('cascade'),
    targetId: () => p.manyToOne(TargetEntity).mapToPk().fieldName('target_id').deleteRule('cascade'),
    kind: p.text(),
    state: p.text(),
    trigger: p.text(),
    // A plain id: the record outlives the service provider that caused it.
    serviceProviderId: p.uuid().nullable(),
    attempts: p.integer().default(0),
    dueAt: p.datetime(3),
    leaseOwner: p.text().nullable(),
    leaseUntil: p.datetime(3).nullable(),
    fence: p.integer().default(0),
    nextKind: p.text().nullable(),
    mayHaveApplied: p.boolean().default(false),
    unansweredAt: p.datetime(3).nullable(),
    failureKind: p.text().nullable(),
    failureAttribute: p.text().nullable(),
    failureMessage: p.text().nullable(),
    heldAt: p.datetime(3).nullable(),
    createdAt: p.datetime(3),
    settledAt: p.datetime(3).nullable(),
    /** Since when it has been meant to end an account: what the guard counts. null: it does not, or there is nothing to end. */
    endsSince: p.datetime(3).nullable().hidden(),
    /** A person has seen it among many: the guard lets it pass and does not count it. */
    confirmed: p.boolean().default(false).hidden(),
    /** What asked for the one more that follows. */
    nextTrigger: p.text().nullable().hidden(),
    /** All tries, also those that do not count against the limit: numbers the attempts. */
    tries: p.integer().default(0).hidden(),
    priority: p.integer().hidden(),
    /** The newest queue entry. */
    entryId: p.uuid().nullable().hidden(),
  },
  indexes: [
    { name: 'operation_page', properties: ['tenantId', 'id'] },
    { name: 'operation_of_user', properties: ['userId', 'id'] },
    { name: 'operation_of_target', properties: ['targetId', 'state', 'id'] },
    // Due work and lapsed leases, for the sweep: only what is unfinished is in it.
    {
      name: 'operation_unfinished',
      expression: `create index "operation_unfinished" on "operation" ("due_at") where "state" in ('pending', 'running')`,
    },
    {
      name: 'operation_failed',
      expression: `create index "operation_failed" on "operation" ("tenant_id", "id") where "state" = 'failed'`,
    },
    {
      name: 'operation_ending',
      expression: `create index "operation_ending" on "operation" ("target_id", "ends_since") where "ends_since" is not null`,
    },
    {
      name: 'operation_held',
      expression: `create index "operation_held" on "operation" ("tenant_id", "target_id", "id") where "state" = 'held'`,
    },
  ],
  uniques: [
    {
      name: 'operation_lane',
      expression: `create unique index "operation_lane" on "operation" ("user_id", "target_id") where "state" in ('pending', 'running', 'held')`,
    },
  ],
});

export const AttemptEntity = defineEntity({
  name: 'Attempt',
  tableName: 'attempt',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    operationId: () => p.manyToOne(OperationEntity).mapToPk().fieldName('operation_id').deleteRule('cascade'),
    number: p.integer(),
    startedAt: p.datetime(3),
    endedAt: p.datetime(3),
    action: p.text().nullable(),
    failureKind: p.text().nullable(),
    failureMessage: p.text().nullable(),
  },
  indexes: [{ name: 'attempt_page', properties: ['tenantId', 'id'] }],
  uniques: [{ name: 'attempt_number_unique', properties: ['operationId', 'number'] }],
});

export const LoginAttemptEntity = defineEntity({
  name: 'LoginAttempt',
  tableName: 'login_attempt',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    serviceProviderId: () => p.manyToOne(ServiceProviderEntity).mapToPk().fieldName('service_provider_id').deleteRule('cascade'),
    identityProviderId: () =>
      p.manyToOne(IdentityProviderEntity).mapToPk().fieldName('identity_provider_id').nullable().deleteRule('set null'),
    userId: () => p.manyToOne(UserEntity).mapToPk().fieldName('user_id').nullable().deleteRule('cascade'),
    state: p.text(),
    refusal: p.text().nullable(),
    reference: p.text(),
    browserHash: p.text().nullable(),
    returnTo: p.text().nullable(),
    holds: p.json<readonly LoginHold[]>(),
    createdAt: p.datetime(3),
    decidedAt: p.datetime(3).nullable(),
  },
  indexes: [
    { name: 'login_attempt_page', properties: ['tenantId', 'id'] },
    { name: 'login_attempt_of_user', properties: ['userId', 'id'] },
    { name: 'login_attempt_of_service_provider', properties: ['serviceProviderId', 'id'] },
    { name: 'login_attempt_of_identity_provider', properties: ['identityProviderId'] },
    { name: 'login_attempt_reference', properties: ['tenantId', 'reference'] },
    {
      name: 'login_attempt_held',
      expression: `create index "login_attempt_held" on "login_attempt" ("tenant_id", "id") where "state" = 'held'`,
    },
  ],
});

export const ReevaluationEntity = defineEntity({
  name: 'Reevaluation',
  tableName: 'reevaluation',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    cause: p.text(),
    targetIds: p.json<readonly TargetId[]>(),
    state: p.text(),
    total: p.integer(),
    done: p.integer(),
    requested: p.integer(),
    cursor: p.uuid().nullable(),
    version: p.integer(),
    createdAt: p.datetime(3),
    finishedAt: p.datetime(3).nullable(),
  },
  indexes: [
    { name: 'reevaluation_page', properties: ['tenantId', 'id'] },
    {
      name: 'reevaluation_unfinished',
      expression: `create index "reevaluation_unfinished" on "reevaluation" ("tenant_id", "id") where "state" <> 'done'`,
    },
  ],
});
