/** Tenants and who administers them. */
import { defineEntity, p } from '@mikro-orm/core';

export const TenantEntity = defineEntity({
  name: 'Tenant',
  tableName: 'tenant',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    timeZone: p.text().default('UTC'),
    policyCombining: p.text().default('deny-overrides'),
    policyRevision: p.integer().default(0),
    version: p.integer(),
    createdAt: p.datetime(3),
  },
  uniques: [{ name: 'tenant_name_unique', expression: 'create unique index "tenant_name_unique" on "tenant" (lower("name"))' }],
});

export const AdministratorEntity = defineEntity({
  name: 'Administrator',
  tableName: 'administrator',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    userName: p.text(),
    role: p.text(),
    mustChangePassword: p.boolean(),
    version: p.integer().default(1),
    createdAt: p.datetime(3),
    passwordHash: p.text().nullable().hidden(),
    failedCount: p.integer().default(0).hidden(),
    lockedUntil: p.datetime(3).nullable().hidden(),
  },
  indexes: [{ name: 'administrator_page', properties: ['tenantId', 'id'] }],
  uniques: [
    {
      name: 'administrator_user_name_unique',
      expression: 'create unique index "administrator_user_name_unique" on "administrator" ("tenant_id", lower("user_name"))',
    },
  ],
});

export const ApiTokenEntity = defineEntity({
  name: 'ApiToken',
  tableName: 'api_token',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    name: p.text(),
    role: p.text(),
    expiresAt: p.datetime(3).nullable(),
    lastUsedAt: p.datetime(3).nullable(),
    revokedAt: p.datetime(3).nullable(),
    createdAt: p.datetime(3),
    /** SHA-256, hex: the token itself is never stored. */
    tokenHash: p.text().hidden(),
  },
  indexes: [{ name: 'api_token_page', properties: ['tenantId', 'id'] }],
  uniques: [{ name: 'api_token_hash_unique', properties: ['tokenHash'] }],
});
