/** How users are known at identity providers: linking and unlinking by hand. A sign-in links by itself where just-in-time provisioning is on. */
import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { z } from 'zod';
import { linkIdentity } from '../../commands/link-identity.ts';
import { unlinkIdentity } from '../../commands/unlink-identity.ts';
import { isStorable } from '../../domain/text.ts';
import type { IdentityProviderId, UserId } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import type { GraphQLContext } from '../context.ts';
import { id } from '../ids.ts';
import { presentOutcome, resultUnion } from '../results.ts';
import { IdentityType } from '../users/types.ts';

@InputType({ description: 'Whom to know by what.' })
export class LinkIdentityInput {
  static readonly schema = z.object({
    userId: id,
    identityProviderId: id,
    subject: z.string().min(1).max(1024).refine(isStorable, 'This text holds a character that cannot be stored.'),
  });
  @Field(() => ID, { description: 'The user.' }) userId!: UserId;
  @Field(() => ID, { description: 'The identity provider that vouches for it; its authenticator is configured.' })
  identityProviderId!: IdentityProviderId;
  @Field(() => String, {
    description: 'What it calls the person: the NameID, or the value of the subject attribute. 1 to 1024 characters.',
  })
  subject!: string;
}

@InputType({ description: 'Which identity to forget.' })
export class UnlinkIdentityInput {
  static readonly schema = z.object({ id });
  @Field(() => ID, { description: 'The identity.' }) id!: string;
}

const LinkIdentityResult = resultUnion('LinkIdentityResult', 'The identity, or why it could not be linked.', IdentityType);
const UnlinkIdentityResult = resultUnion('UnlinkIdentityResult', 'The identity that went, or why not.', IdentityType);

@Resolver()
export class IdentityResolver {
  @Authorized('administrator')
  @Mutation(() => LinkIdentityResult, {
    description:
      'Lets a user sign in through an identity provider as this subject. Whoever the identity provider calls so comes in as this user.',
  })
  async linkIdentity(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => LinkIdentityInput, { description: 'Whom to know by what.' }) given: LinkIdentityInput,
  ): Promise<typeof LinkIdentityResult> {
    return presentOutcome(await linkIdentity(context.house, context.caller, given), (identity) => identity);
  }

  @Authorized('administrator')
  @Mutation(() => UnlinkIdentityResult, { description: 'Forgets one identity of a user: they do not sign in with it any more.' })
  async unlinkIdentity(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => UnlinkIdentityInput, { description: 'Which identity to forget.' }) given: UnlinkIdentityInput,
  ): Promise<typeof UnlinkIdentityResult> {
    return presentOutcome(await unlinkIdentity(context.house, context.caller, given), (identity) => identity);
  }
}
