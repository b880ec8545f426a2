/** Users, groups and how federated users are known. */
import { defineEntity, p } from '@mikro-orm/core';
import type { Attributes } from '../../domain/vocabulary.ts';
import { IdentityProviderEntity } from './settings.ts';
import { TenantEntity } from './tenancy.ts';
import { UserStoreEntity } from './user-store.ts';

export const UserEntity = defineEntity({
  name: 'User',
  tableName: 'user',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    userStoreId: () => p.manyToOne(UserStoreEntity).mapToPk().fieldName('user_store_id').deleteRule('restrict'),
    userName: p.text(),
    attributes: p.json<Attributes>(),
    active: p.boolean(),
    removedAt: p.datetime(3).nullable(),
    selfRegistered: p.boolean().default(false),
    version: p.integer(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    passwordHash: p.text().nullable().hidden(),
    failedCount: p.integer().default(0).hidden(),
    lockedUntil: p.datetime(3).nullable().hidden(),
  },
  indexes: [
    { name: 'user_page', properties: ['tenantId', 'id'] },
    { name: 'user_by_store', properties: ['userStoreId'] },
  ],
  // A removed user keeps the row and gives the name free.
  uniques: [
    {
      name: 'user_name_unique',
      expression:
        'create unique index "user_name_unique" on "user" ("tenant_id", lower("user_name"), "user_store_id") where "removed_at" is null',
    },
  ],
});

export const GroupEntity = defineEntity({
  name: 'Group',
  tableName: 'group',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    name: p.text(),
    version: p.integer(),
    createdAt: p.datetime(3),
  },
  indexes: [{ name: 'group_page', properties: ['tenantId', 'id'] }],
  uniques: [{ name: 'group_name_unique', expression: 'create unique index "group_name_unique" on "group" ("tenant_id", lower("name"))' }],
});

export const MembershipEntity = defineEntity({
  name: 'Membership',
  tableName: 'membership',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    groupId: () => p.manyToOne(GroupEntity).mapToPk().fieldName('group_id').deleteRule('cascade'),
    userId: () => p.manyToOne(UserEntity).mapToPk().fieldName('user_id').deleteRule('cascade'),
  },
  indexes: [
    { name: 'membership_page', properties: ['tenantId', 'id'] },
    { name: 'membership_of_group', properties: ['groupId', 'id'] },
  ],
  uniques: [{ name: 'membership_unique', properties: ['userId', 'groupId'] }],
});

export const IdentityEntity = defineEntity({
  name: 'Identity',
  tableName: 'identity',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    userId: () => p.manyToOne(UserEntity).mapToPk().fieldName('user_id').deleteRule('cascade'),
    identityProviderId: () => p.manyToOne(IdentityProviderEntity).mapToPk().fieldName('identity_provider_id').deleteRule('cascade'),
    issuer: p.text(),
    subject: p.text(),
    createdAt: p.datetime(3),
  },
  indexes: [
    { name: 'identity_page', properties: ['tenantId', 'id'] },
    { name: 'identity_of_user', properties: ['userId'] },
    { name: 'identity_of_identity_provider', properties: ['identityProviderId'] },
  ],
  uniques: [{ name: 'identity_unique', properties: ['tenantId', 'identityProviderId', 'issuer', 'subject'] }],
});
