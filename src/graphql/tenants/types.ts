/** Tenants as GraphQL tells them. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Tenant } from '../../domain/vocabulary.ts';
import { connectionOf } from '../connections.ts';
import { resultUnion } from '../results.ts';

@ObjectType('Tenant', { description: 'A world of its own: everything but tenants belongs to exactly one.' })
export class TenantType implements Omit<Tenant, 'id' | 'timeZone' | 'policyCombining' | 'policyRevision'> {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => String, { description: 'Its name: what the header usher-tenant and signIn take.' }) name!: string;
  @Field(() => Int, { description: 'Raised by every change of settings that concern the tenant as a whole.' }) version!: number;
  @Field(() => GraphQLDateTimeISO, { description: 'When it was made.' }) createdAt!: Date;
}

export const TenantConnection = connectionOf('Tenant', 'tenants', () => TenantType);
export const CreateTenantResult = resultUnion('CreateTenantResult', 'The new tenant, or why there is none.', TenantType);
