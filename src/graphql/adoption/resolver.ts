/** Adoption: what waits for a decision, deciding it, and undoing links and scheduled deletions. */
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { cancelDeletion } from '../../commands/cancel-deletion.ts';
import { confirmUser } from '../../commands/confirm-user.ts';
import { createAnotherAccount, linkAccount, refuseAccount } from '../../commands/decide-adoption.ts';
import { unlinkAccount } from '../../commands/unlink-account.ts';
import type { AccountAttributes, AdoptionCase, Target, TargetId, User, UserId } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { PageArgs, readPage, type Connection } from '../connections.ts';
import { ProvisioningConnectorType } from '../connectors/types.ts';
import type { GraphQLContext } from '../context.ts';
import { given } from '../filters.ts';
import { presentOutcome, type Fields } from '../results.ts';
import { UserType } from '../users/types.ts';
import { AdoptionCaseFilter, AdoptionCaseInput, ConfirmUserInput, LinkAccountInput, LinkInput } from './inputs.ts';
import {
  AccountAttributeValue,
  AdoptionCandidateType,
  AdoptionCaseConnection,
  AdoptionCaseType,
  CancelDeletionResult,
  ConfirmUserResult,
  CreateAnotherAccountResult,
  LinkAccountResult,
  RefuseAccountResult,
  UnlinkAccountResult,
} from './types.ts';

@Resolver()
export class AdoptionResolver {
  @Authorized('operator')
  @Query(() => AdoptionCaseConnection, { description: "Accounts that may be a user's and were not simply taken, newest first." })
  adoptionCases(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => AdoptionCaseFilter, { nullable: true, description: 'Only those.' }) filter?: Fields<AdoptionCaseFilter> | null,
  ): Promise<Connection<AdoptionCase>> {
    return readPage(context.reads, 'adoptionCase', { where: given(filter ?? {}), page, newestFirst: true });
  }

  @Authorized('operator')
  @Mutation(() => LinkAccountResult, {
    description: "Says which account is the user's, and asks for the operation again. Protected accounts are refused there.",
  })
  async linkAccount(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => LinkAccountInput, { description: 'Which account.' }) input: LinkAccountInput,
  ): Promise<typeof LinkAccountResult> {
    // The schema of the input saw to it that one of the two is there.
    const of = input.caseId ? { caseId: input.caseId } : { userId: input.userId as UserId, targetId: input.targetId as TargetId };
    return presentOutcome(await linkAccount(context.house, context.caller, { accountId: input.accountId, of }), (user) => user);
  }

  @Authorized('operator')
  @Mutation(() => RefuseAccountResult, { description: "Says that none of the accounts is the user's: none of them is adopted for them." })
  async refuseAccount(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => AdoptionCaseInput, { description: 'Which case.' }) input: AdoptionCaseInput,
  ): Promise<typeof RefuseAccountResult> {
    return presentOutcome(await refuseAccount(context.house, context.caller, input), (user) => user);
  }

  @Authorized('operator')
  @Mutation(() => CreateAnotherAccountResult, {
    description: "Says that none of the accounts is the user's and makes another one, where the target lets both exist; else that is told.",
  })
  async createAnotherAccount(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => AdoptionCaseInput, { description: 'Which case.' }) input: AdoptionCaseInput,
  ): Promise<typeof CreateAnotherAccountResult> {
    return presentOutcome(await createAnotherAccount(context.house, context.caller, input), (user) => user);
  }

  @Authorized('operator')
  @Mutation(() => UnlinkAccountResult, {
    description: 'Undoes a link: the account stays as it is, and is adopted for this user only if somebody links it by hand.',
  })
  async unlinkAccount(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => LinkInput, { description: 'Which link.' }) input: LinkInput,
  ): Promise<typeof UnlinkAccountResult> {
    return presentOutcome(await unlinkAccount(context.house, context.caller, input), (gone) => gone);
  }

  @Authorized('operator')
  @Mutation(() => CancelDeletionResult, { description: 'Calls off the deletion of a deactivated account: it stays deactivated.' })
  async cancelDeletion(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => LinkInput, { description: 'Of which link.' }) input: LinkInput,
  ): Promise<typeof CancelDeletionResult> {
    return presentOutcome(await cancelDeletion(context.house, context.caller, input), (link) => link);
  }

  @Authorized('operator')
  @Mutation(() => ConfirmUserResult, {
    description: 'Vouches for a user who registered themself: from now on accounts that exist already may be theirs.',
  })
  async confirmUser(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => ConfirmUserInput, { description: 'Whom.' }) input: ConfirmUserInput,
  ): Promise<typeof ConfirmUserResult> {
    return presentOutcome(await confirmUser(context.house, context.caller, input), (user) => user);
  }
}

/** The root is the record itself. */
@Resolver(() => AdoptionCaseType)
export class AdoptionCaseFields {
  @FieldResolver(() => UserType, { nullable: true, description: 'The user.' })
  user(@Root() root: AdoptionCase, @Ctx() context: GraphQLContext): Promise<User | null> {
    return context.loaders.one('user', root.userId);
  }
  @FieldResolver(() => ProvisioningConnectorType, { nullable: true, description: 'The provisioning connector.' })
  provisioningConnector(@Root() root: AdoptionCase, @Ctx() context: GraphQLContext): Promise<Target | null> {
    return context.loaders.one('target', root.targetId);
  }
  @FieldResolver(() => [AccountAttributeValue], { description: 'The account that the user should have; forgotten once decided.' })
  wanted(@Root() root: AdoptionCase): readonly Fields<AccountAttributeValue>[] {
    return inWords(root.wanted);
  }
  @FieldResolver(() => [AdoptionCandidateType], { description: "The accounts that may be the user's; forgotten once decided." })
  candidates(@Root() root: AdoptionCase): readonly Fields<AdoptionCandidateType>[] {
    return root.candidates.map(({ accountId, active, attributes }) => ({ accountId, active, attributes: inWords(attributes) }));
  }
}

function inWords(attributes: AccountAttributes): readonly Fields<AccountAttributeValue>[] {
  return Object.entries(attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, values: value === null ? null : typeof value === 'object' ? value : [String(value)] }));
}
