/** A plan as GraphQL tells it: per target what would happen and why. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { PlanReason } from '../../domain/provisioning-plan.ts';
import { planReasons } from '../../domain/plan-reasons.ts';
import { rowLimit } from '../../domain/outbound-settings.ts';
import type { RuleAnswer } from '../../domain/rule-details.ts';
import type { OperationKind, Trigger } from '../../domain/vocabulary.ts';
import { enumOf } from '../enums.ts';
import { UpTo } from '../limits.ts';
import { OperationKindEnum, TriggerEnum } from '../operations/enums.ts';
import { RuleAnswerEnum, RuleDetailsType } from '../rule-decisions/types.ts';
import { LinkType, UserType } from '../users/types.ts';
import type { Fields } from '../results.ts';

/** As many as a table of outbound rows may name. */
export const UpToAllTargets = UpTo(rowLimit);

export const PlanReasonEnum = enumOf<PlanReason>('PlanReason', 'Why something is to be done at a target, or why nothing is.', planReasons);
export type RowOrigin = 'own' | 'inherited' | 'none';
export const RowOriginEnum = enumOf<RowOrigin>('RowOrigin', 'Whose outbound row applies.', {
  own: "The service provider's own, or the tenant's default where none was named.",
  inherited: "The tenant's default, which the service provider inherits.",
  none: 'No row names this target.',
});
export type Gate = 'everybody' | 'inside' | 'outside';
export const GateEnum = enumOf<Gate>('Gate', "What the identity provider's outbound provisioning roles say.", {
  everybody: 'It has none: everybody may pass.',
  inside: 'The user is in one of them.',
  outside: 'The user is in none of them.',
});
export type Hindrance =
  'identity-provider-disabled' | 'connector-disabled' | 'suspended' | 'paused' | 'circuit-open' | 'removal-held' | 'adoption-undecided';
export const HindranceEnum = enumOf<Hindrance>('Hindrance', 'What keeps calls from a target now: operations wait.', {
  'identity-provider-disabled': 'The identity provider is disabled.',
  'connector-disabled': 'The provisioning connector is disabled.',
  suspended: 'The target refuses our credentials.',
  paused: 'The target asked for time.',
  'circuit-open': 'Too many faults in a row: only probes.',
  'removal-held': 'The removal of this account is one of many at once: it waits for somebody to confirm.',
  'adoption-undecided': "Accounts that may be the user's were found: somebody has to decide.",
});

@ObjectType({ description: 'One attribute that an update would change.' })
export class AttributeDifference {
  @Field(() => String, { description: 'The account attribute.' }) attribute!: string;
  @Field(() => [String], { nullable: true, description: 'What was last applied; null: nothing, or your role may not see it.' })
  from!: readonly string[] | null;
  @Field(() => [String], { nullable: true, description: 'What would be sent; null: it is cleared, or your role may not see it.' })
  to!: readonly string[] | null;
}

@ObjectType({ description: 'The outbound row that applies.' })
export class ExplainedRow {
  @Field(() => Boolean, { description: 'A login waits for this target.' }) blocking!: boolean;
  @Field(() => Boolean, { description: 'Rules are asked.' }) enableRules!: boolean;
  @Field(() => Boolean, { description: 'A login provisions there.' }) jitOutbound!: boolean;
  @Field(() => Int, { description: 'How long a login waits.' }) deadlineMs!: number;
  @Field(() => Boolean, { description: 'Whether a login is let in when the deadline passes; else it is refused.' })
  admitsAfterDeadline!: boolean;
}

@ObjectType({ description: 'One target: what would happen there, and why.' })
export class ExplainedTarget {
  @Field(() => ID, { description: 'The provisioning connector.' }) targetId!: string;
  @Field(() => String, { description: 'Its name.' }) targetName!: string;
  @Field(() => String, { description: 'The name of its identity provider.' }) identityProviderName!: string;
  @Field(() => Boolean, { description: 'The user belongs there already.' }) assigned!: boolean;
  @Field(() => Boolean, { description: 'This would make the user belong there.' }) wouldAssign!: boolean;
  @Field(() => RowOriginEnum, { description: 'Whose row applies.' }) rowOrigin!: RowOrigin;
  @Field(() => ExplainedRow, { nullable: true, description: 'The row.' }) row!: Fields<ExplainedRow> | null;
  @Field(() => GateEnum, { description: 'The gate of outbound provisioning roles.' }) gate!: Gate;
  @Field(() => RuleAnswerEnum, {
    nullable: true,
    description: 'What the rules say; null: they are not asked, or something else decides before.',
  })
  rule!: RuleAnswer | null;
  @Field(() => RuleDetailsType, { nullable: true, description: 'How that came about; null: the rules are not asked.' })
  ruleDetails!: Fields<RuleDetailsType> | null;
  @Field(() => LinkType, { nullable: true, description: 'The account Usher remembers; null: none.' }) link!: Fields<LinkType> | null;
  @Field(() => [HindranceEnum], { description: 'What keeps calls away now; what is asked for waits until it is gone.' })
  hindrances!: readonly Hindrance[];
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when the pause or the circuit lasts.' })
  hinderedUntil!: Date | null;
  @Field(() => ID, { nullable: true, description: 'The unfinished operation of this user there; null: none.' })
  unfinishedOperationId!: string | null;
  @Field(() => String, { nullable: true, description: 'The required account attribute the user has no value for; null: none.' })
  missingAttribute!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Which account attribute cannot be mapped for this user, and why; null: none. See `previewAccount`.',
  })
  mappingFailure!: string | null;
  @Field(() => [AttributeDifference], { nullable: true, description: 'What an update would send; null: there is no account yet.' })
  differences!: readonly Fields<AttributeDifference>[] | null;
  @Field(() => OperationKindEnum, { nullable: true, description: 'What would be asked for; null: nothing.' })
  operation!: OperationKind | null;
  @Field(() => PlanReasonEnum, { description: 'Why.' }) reason!: PlanReason;
  @Field(() => String, { description: 'Why, in a sentence.' }) explanation!: string;
  @Field(() => Boolean, { description: 'A login would be held until this target is right.' }) holdsLogin!: boolean;
  @Field(() => Boolean, {
    description: 'A login would be refused: the row lets in only who is provisioned, and this person is kept from it.',
  })
  refusesLogin!: boolean;
}

@ObjectType({ description: 'What would happen for one user and service provider, and why. Nothing was called or written to find out.' })
export class Explanation {
  @Field(() => UserType, { description: 'The user.' }) user!: Fields<UserType>;
  @Field(() => TriggerEnum, { description: 'What it is supposed to begin with.' }) trigger!: Trigger;
  @Field(() => Boolean, { description: 'A login would be held.' }) holdsLogin!: boolean;
  @UpToAllTargets
  @Field(() => [ExplainedTarget], { description: 'Every target that concerns the user.' })
  targets!: readonly Fields<ExplainedTarget>[];
}
