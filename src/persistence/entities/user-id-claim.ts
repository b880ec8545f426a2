/** The id that a user id pattern gave a user at a target: nobody else gets it there. */
import { defineEntity, p } from '@mikro-orm/core';
import { UserEntity } from './people.ts';
import { TargetEntity } from './settings.ts';
import { TenantEntity } from './tenancy.ts';

export const UserIdClaimEntity = defineEntity({
  name: 'UserIdClaim',
  tableName: 'user_id_claim',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    targetId: () => p.manyToOne(TargetEntity).mapToPk().fieldName('target_id').deleteRule('cascade'),
    userId: () => p.manyToOne(UserEntity).mapToPk().fieldName('user_id').deleteRule('cascade'),
    base: p.text(),
    value: p.text(),
  },
  indexes: [{ name: 'user_id_claim_of_tenant', properties: ['tenantId'] }],
  uniques: [
    { name: 'user_id_claim_of_user', properties: ['userId', 'targetId'] },
    { name: 'user_id_claim_value_unique', properties: ['targetId', 'value'] },
  ],
});
