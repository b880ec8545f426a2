/** What the list of adoption cases and the decisions about links take. */
import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import type { AccountId, AdoptionState, TargetId, UserId } from '../../domain/vocabulary.ts';
import { id } from '../ids.ts';
import { AdoptionStateEnum } from './types.ts';

@InputType({ description: 'Which adoption cases to list; what is absent does not matter.' })
export class AdoptionCaseFilter {
  static readonly schema = z.object({ userId: id.nullish(), targetId: id.nullish() });
  @Field(() => AdoptionStateEnum, { nullable: true, description: 'Only in this state.' }) state?: AdoptionState | null;
  @Field(() => ID, { nullable: true, description: 'Only of this user.' }) userId?: UserId | null;
  @Field(() => ID, { nullable: true, description: 'Only at this provisioning connector.' }) targetId?: TargetId | null;
}

@InputType({ description: "Which account is a user's: one of a case's candidates, or by hand any account of the connector." })
export class LinkAccountInput {
  static readonly schema = z
    .object({
      caseId: id.nullish(),
      userId: id.nullish(),
      targetId: id.nullish(),
      accountId: z.string().min(1, 'Name an account.').max(500, 'At most 500 characters.'),
    })
    .refine((input) => (input.caseId ? !input.userId && !input.targetId : input.userId && input.targetId), {
      path: ['caseId'],
      message: 'Give a case, or a user and a provisioning connector.',
    });
  @Field(() => ID, { nullable: true, description: 'The case; without it give userId and targetId.' }) caseId?: string | null;
  @Field(() => ID, { nullable: true, description: 'The user.' }) userId?: UserId | null;
  @Field(() => ID, { nullable: true, description: 'The provisioning connector.' }) targetId?: TargetId | null;
  @Field(() => String, { description: "The target's own id of the account." }) accountId!: AccountId;
}

@InputType({ description: 'Which adoption case.' })
export class AdoptionCaseInput {
  static readonly schema = z.object({ caseId: id });
  @Field(() => ID, { description: 'The case.' }) caseId!: string;
}

@InputType({ description: 'Which link: a user has at most one at each connector.' })
export class LinkInput {
  static readonly schema = z.object({ userId: id, targetId: id });
  @Field(() => ID, { description: 'The user.' }) userId!: UserId;
  @Field(() => ID, { description: 'The provisioning connector.' }) targetId!: TargetId;
}

@InputType({ description: 'Whom to vouch for.' })
export class ConfirmUserInput {
  static readonly schema = z.object({ id });
  @Field(() => ID, { description: 'The user.' }) id!: UserId;
}
