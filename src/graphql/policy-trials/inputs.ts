/** What trying a policy takes. */
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import type { PolicyId, Trigger } from '../../domain/vocabulary.ts';
import { id } from '../ids.ts';
import { TriggerEnum } from '../operations/enums.ts';
import { policyContent, PolicyFormInput } from '../policies/inputs.ts';

@InputType({ description: 'Which policy to try: the draft of one, or a text or form that nobody has saved.' })
export class PolicyTrialInput {
  static readonly schema = z.object({ ...policyContent, policyId: id.nullish() });
  @Field(() => ID, {
    nullable: true,
    description:
      'In place of what is published of this policy. Without `xml` and `form` its draft is tried; absent or null: as a new policy.',
  })
  policyId?: PolicyId | null;
  @Field(() => String, { nullable: true, description: 'A Policy or PolicySet of XACML 3.0.' }) xml?: string | null;
  @Field(() => PolicyFormInput, { nullable: true, description: 'A form in place of XML.' }) form?: PolicyFormInput | null;
}

@ArgsType()
export class TryPolicyArgs {
  static readonly schema = z.object({
    trigger: z.string().refine((trigger) => trigger !== 'removal', 'A removal is explained by nothing that is still there.'),
  });
  @Field(() => PolicyTrialInput, { description: 'What to try.' }) trial!: PolicyTrialInput;
  @Field(() => ID, { description: 'On whom.' }) userId!: string;
  @Field(() => ID, { nullable: true, description: "For which service provider; absent or null: the tenant's defaults." })
  serviceProviderId?: string | null;
  @Field(() => TriggerEnum, { defaultValue: 'login', description: 'What it is supposed to begin with.' }) trigger!: Trigger;
}

/** Each is planned whole, with everything that rules look at. */
export const mostTried = 200;

@ArgsType()
export class TryPolicyOnEverybodyArgs {
  static readonly schema = z.object({
    first: z.int().min(1, 'Ask for at least one.').max(mostTried, `Ask for at most ${mostTried} at once.`),
    after: z.string().max(200).nullish(),
  });
  @Field(() => PolicyTrialInput, { description: 'What to try.' }) trial!: PolicyTrialInput;
  @Field(() => Int, { defaultValue: 100, description: `How many assignments to look at; 1 to ${mostTried}.` }) first!: number;
  @Field(() => String, { nullable: true, description: 'Where the last page ended.' }) after?: string | null;
}
