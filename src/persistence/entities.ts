/** Every entity, by the kind of record it is; the rest are for the database alone. */
import type { Kind } from '../commands/ports.ts';
import { EventEntity, FeedEntity, SessionEntity, UsedOnceEntity } from './entities/bookkeeping.ts';
import { GroupEntity, IdentityEntity, MembershipEntity, UserEntity } from './entities/people.ts';
import { AssignmentEntity, AttemptEntity, LinkEntity, LoginAttemptEntity, OperationEntity } from './entities/provisioning.ts';
import {
  IdentityProviderEntity,
  OutboundRowEntity,
  ServiceProviderEntity,
  TargetConditionEntity,
  TargetEntity,
} from './entities/settings.ts';
import { AdministratorEntity, ApiTokenEntity, TenantEntity } from './entities/tenancy.ts';
import { UserStoreEntity } from './entities/user-store.ts';

export const entityOfKind = {
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
  outboundRow: OutboundRowEntity,
  assignment: AssignmentEntity,
  link: LinkEntity,
  operation: OperationEntity,
  attempt: AttemptEntity,
  loginAttempt: LoginAttemptEntity,
} as const satisfies Record<Kind, unknown>;

export const entities = [TenantEntity, ...Object.values(entityOfKind), EventEntity, FeedEntity, UsedOnceEntity, SessionEntity];
