/** Groups at targets, and the members that Usher has put into them. */
import { defineEntity, p } from '@mikro-orm/core';
import { GroupEntity, UserEntity } from './people.ts';
import { TargetEntity } from './settings.ts';
import { TenantEntity } from './tenancy.ts';

export const ProvisionedGroupEntity = defineEntity({
  name: 'ProvisionedGroup',
  tableName: 'provisioned_group',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    groupId: () => p.manyToOne(GroupEntity).mapToPk().fieldName('group_id').nullable().deleteRule('set null'),
    targetId: () => p.manyToOne(TargetEntity).mapToPk().fieldName('target_id').deleteRule('cascade'),
    targetGroupId: p.text().nullable(),
    appliedName: p.text().nullable(),
    origin: p.text().nullable(),
    begunName: p.text().nullable(),
    askedAt: p.datetime(3).nullable(),
    whenRemoved: p.text(),
    endingSince: p.datetime(3).nullable(),
    state: p.text(),
    dueAt: p.datetime(3),
    attempts: p.integer().default(0),
    failingSince: p.datetime(3).nullable(),
    failureKind: p.text().nullable(),
    failureMessage: p.text().nullable(),
    rightAt: p.datetime(3).nullable(),
    createdAt: p.datetime(3),
    leaseOwner: p.text().nullable().hidden(),
    leaseUntil: p.datetime(3).nullable().hidden(),
    fence: p.integer().default(0).hidden(),
    /** Raised by every change that may concern it. */
    changes: p.integer().default(0).hidden(),
    /** Members added and taken back since it was last told that it is right. */
    added: p.integer().default(0).hidden(),
    removed: p.integer().default(0).hidden(),
  },
  indexes: [
    { name: 'provisioned_group_page', properties: ['tenantId', 'id'] },
    { name: 'provisioned_group_of_target', properties: ['targetId', 'state'] },
    // Due ones and lapsed leases: what is right is not in it.
    {
      name: 'provisioned_group_unfinished',
      expression: `create index "provisioned_group_unfinished" on "provisioned_group" ("due_at") where "state" in ('pending', 'running')`,
    },
  ],
  uniques: [
    { name: 'provisioned_group_unique', properties: ['groupId', 'targetId'] },
    { name: 'provisioned_group_target_group_unique', properties: ['targetId', 'targetGroupId'] },
  ],
});

export const ProvisionedMemberEntity = defineEntity({
  name: 'ProvisionedMember',
  tableName: 'provisioned_member',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    provisionedGroupId: () => p.manyToOne(ProvisionedGroupEntity).mapToPk().fieldName('provisioned_group_id').deleteRule('cascade'),
    userId: () => p.manyToOne(UserEntity).mapToPk().fieldName('user_id').deleteRule('cascade'),
    accountId: p.text(),
    state: p.text(),
    changedAt: p.datetime(3),
  },
  indexes: [
    { name: 'provisioned_member_page', properties: ['tenantId', 'id'] },
    { name: 'provisioned_member_of_user', properties: ['userId'] },
  ],
  uniques: [{ name: 'provisioned_member_unique', properties: ['provisionedGroupId', 'accountId'] }],
});
