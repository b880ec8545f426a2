/** What the tenant mutations take. */
import { Field, InputType } from 'type-graphql';
import { z } from 'zod';

@InputType({ description: 'A new tenant.' })
export class CreateTenantInput {
  static readonly schema = z.object({
    name: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'Use 1 to 63 of a-z, 0-9 and hyphens, no hyphen first or last.'),
  });
  @Field(() => String, { description: '1 to 63 of a-z, 0-9 and hyphens.' }) name!: string;
}

@InputType({ description: 'Which tenants to list; what is absent does not matter.' })
export class TenantFilter {
  static readonly schema = z.object({ nameContains: z.string().max(63).nullish() });
  @Field(() => String, { nullable: true, description: 'Part of the name, in any case.' }) nameContains?: string | null;
}
