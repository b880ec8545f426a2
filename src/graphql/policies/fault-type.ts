/** A fault of a policy, wherever it is told: as an answer to whoever asks, or as the reason why something was refused. */
import { Field, ID, Int, ObjectType } from 'type-graphql';

@ObjectType('PolicyFault', { description: 'Something in the text of a policy that is wrong.' })
export class PolicyFaultType {
  @Field(() => ID, { nullable: true, description: 'The policy whose text it is in; null: the text that was sent, or is tried.' })
  policyId!: string | null;
  @Field(() => Int, { description: 'In which line, from 1.' }) line!: number;
  @Field(() => Int, { description: 'In which column, from 1.' }) column!: number;
  @Field(() => String, { description: 'The element it is about.' }) element!: string;
  @Field(() => String, { description: 'What is wrong.' }) message!: string;
}
