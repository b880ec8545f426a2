/** Removals that the guard of a connector holds: the list, and somebody's decision about it. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { z } from 'zod';
import { cancelRemovals, confirmRemovals } from '../../commands/decide-held-removals.ts';
import type { HeldRemovals } from '../../commands/ports.ts';
import type { IdentityProviderId, Operation, OperationId, Target, TargetId } from '../../domain/vocabulary.ts';
import { Authorized } from '../access.ts';
import { connectionOf, pageOfAll, PageArgs, readPageOf, type Connection } from '../connections.ts';
import { ProvisioningConnectorType } from '../connectors/types.ts';
import type { GraphQLContext } from '../context.ts';
import { id } from '../ids.ts';
import { OperationConnection } from '../operations/types.ts';
import { presentOutcome, resultUnion, type Fields } from '../results.ts';

@ObjectType('HeldRemovals', { description: 'Removals of accounts at one connector that wait for somebody to confirm: there are too many.' })
export class HeldRemovalsType {
  @Field(() => ID, { description: 'The provisioning connector.' }) targetId!: string;
  @Field(() => Int, { description: 'How many are held: what confirmRemovals and cancelRemovals want to hear.' }) count!: number;
  @Field(() => GraphQLDateTimeISO, { description: 'Since when the first of them has waited.' }) since!: Date;
}

@ObjectType({ description: 'What was decided about held removals.' })
export class DecidedRemovals {
  @Field(() => ID, { description: 'The provisioning connector.' }) targetId!: string;
  @Field(() => Int, { description: 'How many removals.' }) count!: number;
}

@InputType({ description: 'Which held removals.' })
export class DecideRemovalsInput {
  static readonly schema = z.object({
    targetId: id,
    count: z.int().min(1, 'At least one.'),
    operationIds: z.array(id).min(1, 'Name one.').max(1000, 'At most 1000.').nullish(),
  });
  @Field(() => ID, { description: 'At which provisioning connector.' }) targetId!: TargetId;
  @Field(() => Int, { description: 'How many you have seen: where it is another number now, nothing is done.' }) count!: number;
  @Field(() => [ID], { nullable: true, description: 'Only these operations; absent or null: all that are held there.' })
  operationIds?: readonly OperationId[] | null;
}

@InputType({ description: 'Which held removals to list; what is absent does not matter.' })
export class HeldRemovalsFilter {
  static readonly schema = z.object({ targetId: id.nullish(), identityProviderId: id.nullish() });
  @Field(() => ID, { nullable: true, description: 'Only at this provisioning connector.' }) targetId?: TargetId | null;
  @Field(() => ID, { nullable: true, description: 'Only at connectors of this identity provider.' })
  identityProviderId?: IdentityProviderId | null;
}

export const HeldRemovalsConnection = connectionOf('HeldRemovals', 'held removals', () => HeldRemovalsType);
export const ConfirmRemovalsResult = resultUnion('ConfirmRemovalsResult', 'What goes on, or why nothing does.', DecidedRemovals);
export const CancelRemovalsResult = resultUnion('CancelRemovalsResult', 'What was called off, or why nothing was.', DecidedRemovals);

@Resolver(() => HeldRemovalsType)
export class RemovalsResolver {
  @Authorized('viewer')
  @Query(() => HeldRemovalsConnection, { description: 'Removals that the guards of the connectors hold, by connector.' })
  async heldRemovals(
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => HeldRemovalsFilter, { nullable: true, description: 'Only those.' }) filter?: HeldRemovalsFilter | null,
  ): Promise<Connection<Fields<HeldRemovalsType>>> {
    // One for each connector at most: read together, and told a page at a time.
    const held = (await context.reads.heldRemovals()).filter(({ targetId }) => targetId === (filter?.targetId ?? targetId));
    const identityProviderId = filter?.identityProviderId;
    const its = identityProviderId ? await context.loaders.many('target', 'identityProviderId', identityProviderId) : null;
    const all = its === null ? held : held.filter(({ targetId }) => its.some((target) => target.id === targetId));
    return pageOfAll(all.map(presentHeld), page, ({ targetId }) => targetId);
  }

  @FieldResolver(() => ProvisioningConnectorType, { nullable: true, description: 'The provisioning connector.' })
  provisioningConnector(@Root() root: Fields<HeldRemovalsType>, @Ctx() context: GraphQLContext): Promise<Target | null> {
    return context.loaders.one('target', root.targetId);
  }

  @FieldResolver(() => OperationConnection, { description: 'The whole list, oldest first.' })
  operations(
    @Root() root: Fields<HeldRemovalsType>,
    @Ctx() context: GraphQLContext,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<Operation>> {
    return readPageOf(context.loaders, 'operation', 'targetId', root.targetId, { where: { state: 'held' }, page });
  }

  @Authorized('administrator')
  @Mutation(() => ConfirmRemovalsResult, { description: 'Lets held removals go on: the accounts are deactivated or deleted.' })
  async confirmRemovals(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => DecideRemovalsInput, { description: 'Which ones.' }) { count: removals, ...input }: DecideRemovalsInput,
  ): Promise<typeof ConfirmRemovalsResult> {
    return presentOutcome(await confirmRemovals(context.house, context.caller, { ...input, removals }), (done) => ({
      targetId: done.target.id,
      count: done.removals,
    }));
  }

  @Authorized('operator')
  @Mutation(() => CancelRemovalsResult, { description: 'Calls held removals off: the accounts stay as they are.' })
  async cancelRemovals(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => DecideRemovalsInput, { description: 'Which ones.' }) { count: removals, ...input }: DecideRemovalsInput,
  ): Promise<typeof CancelRemovalsResult> {
    return presentOutcome(await cancelRemovals(context.house, context.caller, { ...input, removals }), (done) => ({
      targetId: done.target.id,
      count: done.removals,
    }));
  }
}

const presentHeld = ({ targetId, removals, since }: HeldRemovals): Fields<HeldRemovalsType> => ({ targetId, count: removals, since });
