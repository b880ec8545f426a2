/** Accounts that wait for a decision, what was decided, and accounts that may be brought back. */
import { defineEntity, p } from '@mikro-orm/core';
import type { AccountAttributes, AdoptionCandidate } from '../../domain/vocabulary.ts';
import { UserEntity } from './people.ts';
import { TargetEntity } from './settings.ts';
import { TenantEntity } from './tenancy.ts';

export const AdoptionCaseEntity = defineEntity({
  name: 'AdoptionCase',
  tableName: 'adoption_case',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    userId: () => p.manyToOne(UserEntity).mapToPk().fieldName('user_id').deleteRule('cascade'),
    targetId: () => p.manyToOne(TargetEntity).mapToPk().fieldName('target_id').deleteRule('cascade'),
    state: p.text(),
    reason: p.text(),
    wanted: p.json<AccountAttributes>(),
    candidates: p.json<readonly AdoptionCandidate[]>(),
    accountId: p.text().nullable(),
    decidedBy: p.text().nullable(),
    decidedAt: p.datetime(3).nullable(),
    createdAt: p.datetime(3),
  },
  indexes: [
    { name: 'adoption_case_page', properties: ['tenantId', 'id'] },
    { name: 'adoption_case_of_user', properties: ['userId', 'id'] },
    { name: 'adoption_case_of_target', properties: ['targetId', 'id'] },
  ],
  uniques: [
    {
      name: 'adoption_case_waiting',
      expression: `create unique index "adoption_case_waiting" on "adoption_case" ("user_id", "target_id") where "state" = 'waiting'`,
    },
  ],
});

export const ChosenAccountEntity = defineEntity({
  name: 'ChosenAccount',
  tableName: 'chosen_account',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    userId: () => p.manyToOne(UserEntity).mapToPk().fieldName('user_id').deleteRule('cascade'),
    targetId: () => p.manyToOne(TargetEntity).mapToPk().fieldName('target_id').deleteRule('cascade'),
    accountId: p.text(),
    choice: p.text(),
    createdAt: p.datetime(3),
  },
  indexes: [
    { name: 'chosen_account_page', properties: ['tenantId', 'id'] },
    { name: 'chosen_account_of_target', properties: ['targetId'] },
  ],
  uniques: [{ name: 'chosen_account_unique', properties: ['userId', 'targetId', 'accountId'] }],
});

export const DeletedAccountEntity = defineEntity({
  name: 'DeletedAccount',
  tableName: 'deleted_account',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    userId: () => p.manyToOne(UserEntity).mapToPk().fieldName('user_id').deleteRule('cascade'),
    targetId: () => p.manyToOne(TargetEntity).mapToPk().fieldName('target_id').deleteRule('cascade'),
    accountId: p.text(),
    origin: p.text(),
    createdAt: p.datetime(3),
  },
  indexes: [
    { name: 'deleted_account_page', properties: ['tenantId', 'id'] },
    { name: 'deleted_account_of_target', properties: ['targetId'] },
  ],
  uniques: [{ name: 'deleted_account_unique', properties: ['userId', 'targetId'] }],
});

export const OfferedValueEntity = defineEntity({
  name: 'OfferedValue',
  tableName: 'offered_value',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    userId: () => p.manyToOne(UserEntity).mapToPk().fieldName('user_id').deleteRule('cascade'),
    targetId: () => p.manyToOne(TargetEntity).mapToPk().fieldName('target_id').deleteRule('cascade'),
    attribute: p.text(),
    value: p.text(),
  },
  indexes: [
    { name: 'offered_value_page', properties: ['tenantId', 'id'] },
    { name: 'offered_value_of_target', properties: ['targetId'] },
    { name: 'offered_value_of_lane', properties: ['userId', 'targetId'] },
  ],
});
