/** Policies with their versions, and what they decided. */
import { defineEntity, p } from '@mikro-orm/core';
import type { KeptDigest } from '../../domain/policy-digest.ts';
import type { PolicyForm } from '../../domain/policy-form.ts';
import type { RuleDetails } from '../../domain/rule-details.ts';
import { UserEntity } from './people.ts';
import { TargetEntity } from './settings.ts';
import { TenantEntity } from './tenancy.ts';

export const PolicyEntity = defineEntity({
  name: 'Policy',
  tableName: 'policy',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    name: p.text(),
    description: p.text(),
    position: p.integer(),
    active: p.boolean(),
    referencedOnly: p.boolean(),
    draft: p.text().nullable(),
    draftForm: p.json<PolicyForm>().nullable(),
    draftDigest: p.json<KeptDigest>().nullable(),
    draftedBy: p.text().nullable(),
    draftedAt: p.datetime(3).nullable(),
    // A version goes with its policy, so nothing has to guard this.
    publishedVersionId: p.uuid().nullable(),
    version: p.integer(),
    createdAt: p.datetime(3),
  },
  indexes: [{ name: 'policy_page', properties: ['tenantId', 'id'] }],
  uniques: [
    {
      name: 'policy_name_unique',
      expression: 'create unique index "policy_name_unique" on "policy" ("tenant_id", lower("name"))',
    },
  ],
});

export const PolicyVersionEntity = defineEntity({
  name: 'PolicyVersion',
  tableName: 'policy_version',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    policyId: () => p.manyToOne(PolicyEntity).mapToPk().fieldName('policy_id').deleteRule('cascade'),
    number: p.integer(),
    xml: p.text(),
    form: p.json<PolicyForm>().nullable(),
    digest: p.json<KeptDigest>().nullable(),
    publishedBy: p.text(),
    createdAt: p.datetime(3),
  },
  indexes: [{ name: 'policy_version_page', properties: ['tenantId', 'id'] }],
  uniques: [{ name: 'policy_version_unique', properties: ['policyId', 'number'] }],
});

export const RuleDecisionEntity = defineEntity({
  name: 'RuleDecision',
  tableName: 'rule_decision',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    userId: () => p.manyToOne(UserEntity).mapToPk().fieldName('user_id').deleteRule('cascade'),
    targetId: () => p.manyToOne(TargetEntity).mapToPk().fieldName('target_id').deleteRule('cascade'),
    // What it was about may be gone: the decision stays for the record.
    serviceProviderId: p.uuid().nullable(),
    operationId: p.uuid().nullable(),
    trigger: p.text(),
    answer: p.text(),
    permitted: p.boolean(),
    details: p.json<RuleDetails>(),
    createdAt: p.datetime(3),
  },
  indexes: [
    { name: 'rule_decision_page', properties: ['tenantId', 'id'] },
    { name: 'rule_decision_of_user', properties: ['userId', 'id'] },
    { name: 'rule_decision_of_target', properties: ['targetId', 'id'] },
    { name: 'rule_decision_of_operation', properties: ['operationId'] },
    { name: 'rule_decision_by_age', properties: ['createdAt'] },
  ],
});
