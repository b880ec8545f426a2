/** Where users are kept. Apart from people.ts, because settings name stores and people name settings. */
import { defineEntity, p } from '@mikro-orm/core';
import { TenantEntity } from './tenancy.ts';

export const UserStoreEntity = defineEntity({
  name: 'UserStore',
  tableName: 'user_store',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(TenantEntity).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    name: p.text(),
    createdAt: p.datetime(3),
  },
  indexes: [{ name: 'user_store_page', properties: ['tenantId', 'id'] }],
  uniques: [
    {
      name: 'user_store_name_unique',
      expression: 'create unique index "user_store_name_unique" on "user_store" ("tenant_id", lower("name"))',
    },
  ],
});
