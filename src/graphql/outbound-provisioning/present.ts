/** The rows that are in force, with how the people they are for sign in: what each row's warnings are judged by. */
import { warningsOf, type SignInFacts } from '../../domain/outbound-settings.ts';
import type { IdentityProvider, OutboundRow, ServiceProvider, Target } from '../../domain/vocabulary.ts';
import type { GraphQLContext } from '../context.ts';

export interface PresentedOutboundProvisioning {
  readonly inherited: boolean;
  readonly version: number;
  readonly serviceProvider: ServiceProvider | null;
  readonly rows: readonly PresentedRow[];
}
export interface PresentedRow extends OutboundRow {
  readonly signIn: () => Promise<SignInFacts>;
}

export async function ofServiceProvider(context: GraphQLContext, provider: ServiceProvider): Promise<PresentedOutboundProvisioning> {
  const inherited = !provider.ownsOutboundRows;
  const rows = inherited
    ? await context.loaders.defaultOutboundRows()
    : await context.loaders.many('outboundRow', 'serviceProviderId', provider.id);
  const signIn = async (): Promise<SignInFacts> => {
    const found = await Promise.all(provider.signInIdentityProviderIds.map((id) => context.loaders.one('identityProvider', id)));
    return { of: 'service-provider', identityProviders: found.filter((each) => each !== null).map(signInFact) };
  };
  return { inherited, version: provider.version, serviceProvider: provider, rows: rows.map((row) => ({ ...row, signIn })) };
}

export async function ofTenant(context: GraphQLContext): Promise<PresentedOutboundProvisioning> {
  const [tenant, rows] = await Promise.all([context.reads.tenant(), context.loaders.defaultOutboundRows()]);
  // One query for all rows of the answer, and only if somebody asks for warnings.
  let asked: Promise<SignInFacts> | null = null;
  const read = async (): Promise<SignInFacts> => {
    const found = await context.reads.find('identityProvider', {});
    return { of: 'tenant', identityProviders: found.map(signInFact) };
  };
  const signIn = (): Promise<SignInFacts> => (asked ??= read());
  return { inherited: false, version: tenant.version, serviceProvider: null, rows: rows.map((row) => ({ ...row, signIn })) };
}

export async function targetOf(context: GraphQLContext, row: OutboundRow): Promise<Target> {
  const target = await context.loaders.one('target', row.targetId);
  if (!target) throw new Error('An outbound row without its target.');
  return target;
}

export async function identityProviderOf(context: GraphQLContext, row: OutboundRow): Promise<IdentityProvider> {
  const provider = await context.loaders.one('identityProvider', (await targetOf(context, row)).identityProviderId);
  if (!provider) throw new Error('A target without its identity provider.');
  return provider;
}

export async function warningsOfRow(context: GraphQLContext, row: PresentedRow): Promise<readonly string[]> {
  const [target, identityProvider, conditions, signIn, policiesInForce] = await Promise.all([
    targetOf(context, row),
    identityProviderOf(context, row),
    context.loaders.many('targetCondition', 'targetId', row.targetId),
    row.signIn(),
    row.enableRules ? context.loaders.policiesInForce() : true,
  ]);
  return warningsOf(row, { target, identityProvider, suspended: Boolean(conditions[0]?.suspendedAt), policiesInForce, signIn });
}

const signInFact = ({ name, justInTime }: IdentityProvider): SignInFacts['identityProviders'][number] => ({
  name,
  justInTime: justInTime.enabled,
});
