/** Every entity, by the kind of record it is; the rest are for the database alone. */
import type { EntitySchema } from '@mikro-orm/core';
import type { Kind } from '../commands/ports.ts';
import { EventEntity, FeedEntity, SessionEntity, UsedOnceEntity } from './entities/bookkeeping.ts';
import { GroupEntity, IdentityEntity, MembershipEntity, UserEntity } from './entities/people.ts';
import { AdoptionCaseEntity, ChosenAccountEntity, DeletedAccountEntity, OfferedValueEntity } from './entities/adoption.ts';
import { ProvisionedGroupEntity, ProvisionedMemberEntity } from './entities/group-provisioning.ts';
import {
  AssignmentEntity,
  AttemptEntity,
  LinkEntity,
  LoginAttemptEntity,
  OperationEntity,
  ReevaluationEntity,
} from './entities/provisioning.ts';
import {
  IdentityProviderEntity,
  OutboundRowEntity,
  ServiceProviderEntity,
  ConnectorCheckEntity,
  TargetConditionEntity,
  TargetEntity,
} from './entities/settings.ts';
import { AdministratorEntity, ApiTokenEntity, TenantEntity } from './entities/tenancy.ts';
import { PolicyEntity, PolicyVersionEntity, RuleDecisionEntity } from './entities/rules.ts';
import { UserIdClaimEntity } from './entities/user-id-claim.ts';
import { UserStoreEntity } from './entities/user-store.ts';

/** Named, because the type that would be inferred is longer than the compiler writes into a declaration. */
export const entityOfKind: Readonly<Record<Kind, EntitySchema>> = {
  administrator: AdministratorEntity,
  apiToken: ApiTokenEntity,
  userStore: UserStoreEntity,
  user: UserEntity,
  group: GroupEntity,
  membership: MembershipEntity,
  identity: IdentityEntity,
  serviceProvider: ServiceProviderEntity,
  identityProvider: IdentityProviderEntity,
  target: TargetEntity,
  targetCondition: TargetConditionEntity,
  connectorCheck: ConnectorCheckEntity,
  outboundRow: OutboundRowEntity,
  assignment: AssignmentEntity,
  link: LinkEntity,
  operation: OperationEntity,
  attempt: AttemptEntity,
  loginAttempt: LoginAttemptEntity,
  adoptionCase: AdoptionCaseEntity,
  chosenAccount: ChosenAccountEntity,
  deletedAccount: DeletedAccountEntity,
  offeredValue: OfferedValueEntity,
  reevaluation: ReevaluationEntity,
  provisionedGroup: ProvisionedGroupEntity,
  provisionedMember: ProvisionedMemberEntity,
  policy: PolicyEntity,
  policyVersion: PolicyVersionEntity,
  ruleDecision: RuleDecisionEntity,
  session: SessionEntity,
};

export const entities: EntitySchema[] = [
  TenantEntity,
  ...Object.values(entityOfKind),
  UserIdClaimEntity,
  EventEntity,
  FeedEntity,
  UsedOnceEntity,
];
