/** Signing in and out, and who one is. */
import { GraphQLError } from 'graphql';
import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { changeMyPassword } from '../../commands/change-my-password.ts';
import { signInAdministrator } from '../../commands/sign-in-administrator.ts';
import type { Tenant } from '../../domain/vocabulary.ts';
import { Authorized, type Access } from '../access.ts';
import type { GraphQLContext } from '../context.ts';
import { presentOutcome, type Fields } from '../results.ts';
import { TenantType } from '../tenants/types.ts';
import { ChangeMyPasswordInput, SignInInput } from './inputs.ts';
import { ChangeMyPasswordResult, Me, SignedOut, SignInResult } from './types.ts';

@Resolver(() => Me)
export class SessionResolver {
  @Authorized('anyone')
  @Query(() => Me, { nullable: true, description: 'Who asks; null where nobody is signed in and no token was sent.' })
  me(@Ctx() context: GraphQLContext): Fields<Me> | null {
    return context.access === null ? null : presentMe(context.access);
  }

  @FieldResolver(() => TenantType, { description: 'The tenant this request works in.' })
  async tenant(@Root() me: Me, @Ctx() context: GraphQLContext): Promise<Tenant> {
    return context.house.database.reads(me.tenantId).tenant();
  }

  @Authorized('anyone')
  @Mutation(() => SignInResult, { description: 'Signs an administrator in: the answer sets the session cookie.' })
  async signIn(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => SignInInput, { description: 'Who, and with which password.' }) input: SignInInput,
  ): Promise<typeof SignInResult> {
    await takePassword(context);
    const outcome = await signInAdministrator(context.house, context.passwords, input);
    if (outcome.kind === 'done') await context.session.signIn(outcome.value);
    return presentOutcome(outcome, ({ id, userName, role, tenantId, mustChangePassword }) => ({
      kind: 'administrator' as const,
      id,
      name: userName,
      role,
      tenantId,
      mustChangePassword,
    }));
  }

  @Authorized('anyone')
  @Mutation(() => SignedOut, { description: 'Ends the session of this browser. An API token is not touched: revoke it.' })
  async signOut(@Ctx() context: GraphQLContext): Promise<Fields<SignedOut>> {
    await context.session.signOut();
    return { wasSignedIn: context.access?.actor.kind === 'administrator' };
  }

  @Authorized('signed-in')
  @Mutation(() => ChangeMyPasswordResult, { description: 'Changes your own password and ends your sessions in other browsers.' })
  async changeMyPassword(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ChangeMyPasswordInput, { description: 'The old and the new one.' }) input: ChangeMyPasswordInput,
  ): Promise<typeof ChangeMyPasswordResult> {
    await takePassword(context);
    const outcome = await changeMyPassword(context.house, context.passwords, context.caller, input);
    if (outcome.kind === 'done') await context.session.endOthers(outcome.value.id);
    return presentOutcome(outcome, (administrator) => administrator);
  }
}

async function takePassword(context: GraphQLContext): Promise<void> {
  const wait = await context.takePassword();
  if (wait === null) return;
  throw new GraphQLError('Too many passwords; come back later.', { extensions: { code: 'TOO_MANY_REQUESTS', retryAfterSeconds: wait } });
}

function presentMe({ actor, name, role, tenantId, mustChangePassword }: Access): Fields<Me> {
  return { kind: actor.kind === 'api-token' ? 'api-token' : 'administrator', id: actor.id, name, role, tenantId, mustChangePassword };
}
