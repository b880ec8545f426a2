/**
 * The GraphQL room: what integrators and the console may ask, and nothing that decides: resolvers check access, call one command or read,
 * and present. type-graphql lives here and nowhere else. Start with README.md, then the folder api-tokens/.
 */
import 'reflect-metadata';
import { type GraphQLSchema, lexicographicSortSchema, type GraphQLField } from 'graphql';
import { buildSchemaSync, type NonEmptyArray, type PubSub } from 'type-graphql';
import { accessLevels, requireAccess } from './access.ts';
import { AdministratorResolver } from './administrators/resolver.ts';
import { SessionResolver } from './administrators/session-resolver.ts';
import { AdoptionCaseFields, AdoptionResolver } from './adoption/resolver.ts';
import { ApiTokenResolver } from './api-tokens/resolver.ts';
import { ProvisioningConnectorResolver } from './connectors/resolver.ts';
import type { GraphQLContext } from './context.ts';
import { EventFields, EventResolver } from './events/resolver.ts';
import { ExplainResolver } from './explain/resolver.ts';
import { GroupResolver } from './groups/resolver.ts';
import { IdentityResolver } from './identities/resolver.ts';
import { IdentityProviderResolver } from './identity-providers/resolver.ts';
import { answerInvalidInput, checkInput } from './inputs.ts';
import { LoginAttemptFields, LoginAttemptResolver } from './login-attempts/resolver.ts';
import { MappingResolver } from './mappings/resolver.ts';
import { OperationFields, OperationResolver } from './operations/resolver.ts';
import { OutboundProvisioningResolver, OutboundRowResolver } from './outbound-provisioning/resolver.ts';
import { PolicyFields, PolicyResolver, PolicyVersionFields, RulesFields } from './policies/resolver.ts';
import { PolicyTrialResolver } from './policy-trials/resolver.ts';
import { ProvisionedGroupFields, ProvisionedGroupResolver } from './provisioned-groups/resolver.ts';
import { ReevaluationFields, ReevaluationResolver } from './reevaluations/resolver.ts';
import { RemovalsResolver } from './removals/resolver.ts';
import { OperationRuleFields, RuleDecisionFields, RuleDecisionResolver } from './rule-decisions/resolver.ts';
import { ServiceProviderResolver } from './service-providers/resolver.ts';
import { SessionFields, SessionsResolver } from './sessions/resolver.ts';
import { TenantResolver } from './tenants/resolver.ts';
import { UserStoreResolver } from './user-stores/resolver.ts';
import { UserMutations } from './users/mutations.ts';
import { AssignmentFields, LinkFields, UserFields, UserQueries } from './users/queries.ts';

/** One line for each folder. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- type-graphql's own word for classes
const resolvers: NonEmptyArray<Function> = [
  SessionResolver,
  AdministratorResolver,
  TenantResolver,
  ApiTokenResolver,
  ServiceProviderResolver,
  IdentityProviderResolver,
  ProvisioningConnectorResolver,
  MappingResolver,
  OutboundProvisioningResolver,
  OutboundRowResolver,
  UserStoreResolver,
  UserQueries,
  UserMutations,
  UserFields,
  AssignmentFields,
  LinkFields,
  IdentityResolver,
  GroupResolver,
  OperationResolver,
  OperationFields,
  AdoptionResolver,
  AdoptionCaseFields,
  RemovalsResolver,
  ProvisionedGroupResolver,
  ProvisionedGroupFields,
  ReevaluationResolver,
  ReevaluationFields,
  ExplainResolver,
  PolicyResolver,
  PolicyFields,
  PolicyVersionFields,
  RulesFields,
  PolicyTrialResolver,
  RuleDecisionResolver,
  RuleDecisionFields,
  OperationRuleFields,
  LoginAttemptResolver,
  LoginAttemptFields,
  SessionsResolver,
  SessionFields,
  EventResolver,
  EventFields,
];

export function buildUsherSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers,
    pubSub: noPubSub,
    validateFn: checkInput,
    authChecker: ({ context }: { context: GraphQLContext }, levels: readonly string[]) => {
      const level = accessLevels.find((each) => levels.includes(each));
      if (level === undefined) return false;
      requireAccess(context.access, level);
      return true;
    },
  });
  const sorted = lexicographicSortSchema(schema);
  describeRoots(sorted);
  answerInvalidInput(sorted);
  forgetAfterMutations(sorted);
  return sorted;
}

/** type-graphql makes these three by itself, and takes no description of them. */
function describeRoots(schema: GraphQLSchema): void {
  const roots = [
    [schema.getQueryType(), 'What can be asked; nothing is changed by it. Lists are read a page at a time.'],
    [
      schema.getMutationType(),
      'What can be done. Each but signOut takes one input, and answers what came of it or a Problem that says which part of the input is to blame; then nothing was changed.',
    ],
    [schema.getSubscriptionType(), 'What can be followed as it happens, over WebSocket or server-sent events.'],
  ] as const;
  for (const [type, description] of roots) if (type) type.description = description;
}

/** Of several mutations in one document each shows what is there after it, and not what was read for the one before. */
function forgetAfterMutations(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve } = field as GraphQLField<unknown, GraphQLContext>;
    if (resolve === undefined) continue;
    field.resolve = async (root: unknown, args, context: GraphQLContext, info) => {
      const result: unknown = await resolve(root, args, context, info);
      context.loaders.clear();
      return result;
    };
  }
}

/** Subscriptions bring their own `subscribe`: type-graphql wants this all the same. */
const noPubSub: PubSub = {
  publish: () => {
    throw new Error('Subscriptions of Usher follow the event feed; nothing is published.');
  },
  subscribe: () => {
    throw new Error('A subscription needs `subscribe`.');
  },
};
