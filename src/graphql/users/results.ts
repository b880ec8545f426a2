/** What the mutations about users answer. */
import { Field, ObjectType } from 'type-graphql';
import { ExplainedTarget, UpToAllTargets } from '../explain/types.ts';
import { resultUnion, type Fields } from '../results.ts';
import { AssignmentType, RegisteredUser, UserType } from './types.ts';

@ObjectType({ description: 'A user was provisioned now.' })
export class ProvisionedUserNow {
  @UpToAllTargets
  @Field(() => [ExplainedTarget], { description: 'What was asked of each target, and why nothing of the others.' })
  targets!: readonly Fields<ExplainedTarget>[];
}

export const CreateUserResult = resultUnion('CreateUserResult', 'The new user, or why there is none.', UserType);
export const ChangeUserResult = resultUnion('ChangeUserResult', 'The changed user, or why nothing changed.', UserType);
export const DeactivateUserResult = resultUnion('DeactivateUserResult', 'The deactivated user, or why nothing changed.', UserType);
export const ReactivateUserResult = resultUnion('ReactivateUserResult', 'The active user, or why nothing changed.', UserType);
export const RemoveUserResult = resultUnion('RemoveUserResult', 'What is left of the user, or why nothing was removed.', UserType);
export const RegisterUserResult = resultUnion('RegisterUserResult', 'The new user, or why there is none.', RegisteredUser);
export const SetUserPasswordResult = resultUnion('SetUserPasswordResult', 'The user, or why the password was not set.', UserType);
export const AssignUserResult = resultUnion('AssignUserResult', 'The assignment, new or as it was, or why there is none.', AssignmentType);
export const RemoveAssignmentResult = resultUnion('RemoveAssignmentResult', 'The assignment that went, or why not.', AssignmentType);
export const ProvisionUserNowResult = resultUnion('ProvisionUserNowResult', 'What was asked for, or why nothing was.', ProvisionedUserNow);
