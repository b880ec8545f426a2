/** What administrators configure: service providers, identity providers, targets and the rows that join them. */
import { defineEntity, p } from '@mikro-orm/core';
import type { MappingRow } from '../../domain/mapping-row.ts';
import type { AttributeMapping, Authenticator, ConnectorCheck, JustInTimeSettings, RoleMapping } from '../../domain/vocabulary.ts';
import { TenantEntity } from './tenancy.ts';
import { UserStoreEntity } from './user-store.ts';

export const ServiceProviderEntity = defineEntity({
  name: 'ServiceProvider',
  tableName: 'service_provider',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    name: p.text(),
    description: p.text(),
    homeUrl: p.text().nullable(),
    returnUrls: p.json<readonly string[]>(),
    signInIdentityProviderIds: p.json<readonly string[]>(),
    passwordSignIn: p.boolean(),
    selfRegistration: p.boolean(),
    userStoreId: () => p.manyToOne(UserStoreEntity).mapToPk().fieldName('user_store_id').deleteRule('restrict'),
    ownsOutboundRows: p.boolean(),
    version: p.integer(),
    createdAt: p.datetime(3),
  },
  indexes: [
    { name: 'service_provider_page', properties: ['tenantId', 'id'] },
    { name: 'service_provider_by_store', properties: ['userStoreId'] },
  ],
  uniques: [
    {
      name: 'service_provider_name_unique',
      expression: 'create unique index "service_provider_name_unique" on "service_provider" ("tenant_id", lower("name"))',
    },
  ],
});

export const IdentityProviderEntity = defineEntity({
  name: 'IdentityProvider',
  tableName: 'identity_provider',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    name: p.text(),
    description: p.text(),
    enabled: p.boolean(),
    authenticator: p.json<Authenticator>().nullable(),
    justInTime: p.json<JustInTimeSettings>(),
    attributeMappings: p.json<readonly AttributeMapping[]>(),
    roleMappings: p.json<readonly RoleMapping[]>(),
    outboundRoles: p.json<readonly string[]>(),
    version: p.integer(),
    createdAt: p.datetime(3),
    /** Name to sealed value; see sealed.ts. */
    secrets: p.json<Readonly<Record<string, string>>>().default('{}').hidden(),
  },
  indexes: [{ name: 'identity_provider_page', properties: ['tenantId', 'id'] }],
  uniques: [
    {
      name: 'identity_provider_name_unique',
      expression: 'create unique index "identity_provider_name_unique" on "identity_provider" ("tenant_id", lower("name"))',
    },
  ],
});

export const TargetEntity = defineEntity({
  name: 'Target',
  tableName: 'target',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    // An identity provider with connectors is not removed by accident: whoever removes it says what becomes of them first.
    identityProviderId: () => p.manyToOne(IdentityProviderEntity).mapToPk().fieldName('identity_provider_id').deleteRule('restrict'),
    name: p.text(),
    connectorType: p.text(),
    enabled: p.boolean(),
    config: p.json<Readonly<Record<string, unknown>>>(),
    removal: p.text(),
    graceDays: p.integer().default(30),
    adoption: p.text(),
    protectedAccounts: p.json<readonly string[]>().default('[]'),
    guardEnabled: p.boolean().default(true),
    guardCount: p.integer().default(100),
    guardPercent: p.integer().default(10),
    guardPercentFrom: p.integer().default(10),
    guardWindowMinutes: p.integer().default(60),
    matchingAttribute: p.text(),
    mapping: p.json<readonly MappingRow[]>().nullable(),
    maxConcurrentCalls: p.integer(),
    removalAskedAt: p.datetime(3).nullable(),
    version: p.integer(),
    createdAt: p.datetime(3),
    /** Name to sealed value; see sealed.ts. */
    secrets: p.json<Readonly<Record<string, string>>>().default('{}').hidden(),
  },
  indexes: [
    { name: 'target_page', properties: ['tenantId', 'id'] },
    { name: 'target_of_identity_provider', properties: ['identityProviderId'] },
  ],
  uniques: [
    {
      name: 'target_name_unique',
      expression: 'create unique index "target_name_unique" on "target" ("tenant_id", "identity_provider_id", lower("name"))',
    },
  ],
});

export const TargetConditionEntity = defineEntity({
  name: 'TargetCondition',
  tableName: 'target_condition',
  properties: {
    targetId: () => p.manyToOne(TargetEntity).mapToPk().primary().fieldName('target_id').deleteRule('cascade'),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    suspendedAt: p.datetime(3).nullable(),
    pausedUntil: p.datetime(3).nullable(),
    consecutiveFailures: p.integer().default(0),
    circuitOpenUntil: p.datetime(3).nullable(),
    /** What attempts begun before this learnt concerns a configuration that is no more. */
    clearedAt: p.datetime(3).nullable().hidden(),
  },
  indexes: [{ name: 'target_condition_page', properties: ['tenantId', 'targetId'] }],
});

export const ConnectorCheckEntity = defineEntity({
  name: 'ConnectorCheck',
  tableName: 'connector_check',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    targetId: () => p.manyToOne(TargetEntity).mapToPk().fieldName('target_id').deleteRule('cascade'),
    dueAt: p.datetime(3).nullable(),
    checkedAt: p.datetime(3).nullable(),
    problems: p.json<ConnectorCheck['problems']>().nullable(),
    version: p.integer(),
  },
  indexes: [
    { name: 'connector_check_page', properties: ['tenantId', 'id'] },
    {
      name: 'connector_check_due',
      expression: `create index "connector_check_due" on "connector_check" ("tenant_id", "due_at") where "due_at" is not null`,
    },
  ],
  uniques: [{ name: 'connector_check_of_target', properties: ['targetId'] }],
});

export const OutboundRowEntity = defineEntity({
  name: 'OutboundRow',
  tableName: 'outbound_row',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    serviceProviderId: () => p.manyToOne(ServiceProviderEntity).mapToPk().fieldName('service_provider_id').nullable().deleteRule('cascade'),
    targetId: () => p.manyToOne(TargetEntity).mapToPk().fieldName('target_id').deleteRule('cascade'),
    blocking: p.boolean(),
    enableRules: p.boolean(),
    jitOutbound: p.boolean(),
    deadlineMs: p.integer(),
    whenDeadlinePasses: p.text(),
    whenNotApplicable: p.text().default('deny'),
    accountsOfDenied: p.text().default('end'),
    requireProvisioned: p.boolean().default(false),
    rulesOnRemoval: p.boolean().default(false),
  },
  indexes: [
    { name: 'outbound_row_page', properties: ['tenantId', 'id'] },
    { name: 'outbound_row_of_target', properties: ['targetId'] },
  ],
  uniques: [
    {
      name: 'outbound_row_unique',
      expression:
        'create unique index "outbound_row_unique" on "outbound_row" ("service_provider_id", "target_id") where "service_provider_id" is not null',
    },
    {
      name: 'outbound_row_default_unique',
      expression:
        'create unique index "outbound_row_default_unique" on "outbound_row" ("tenant_id", "target_id") where "service_provider_id" is null',
    },
  ],
});
