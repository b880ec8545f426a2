/** A small tenant to try the database with. */
import type { LaneRequest, LeasedOperation, Settlement, Transaction } from '../../src/commands/ports.ts';
import type { AccountId, ServiceProvider, Target, TenantId, User, UserStoreId } from '../../src/domain/vocabulary.ts';
import type { OpenDatabase } from '../../src/persistence/database.ts';

export interface World {
  readonly tenantId: TenantId;
  readonly storeId: UserStoreId;
  readonly user: User;
  readonly target: Target;
  readonly serviceProvider: ServiceProvider;
}

export async function makeWorld(database: OpenDatabase, name: string): Promise<World> {
  const tenant = await database.tenants.create(name);
  const [store] = await database.reads(tenant.id).find('userStore', {});
  return database.transaction(tenant.id, async (tx) => {
    const user = await addUser(tx, store!.id, 'ada');
    const identityProvider = await tx.insert('identityProvider', {
      name: 'Corporate',
      description: '',
      enabled: true,
      authenticator: null,
      justInTime: {
        enabled: true,
        userStoreId: store!.id,
        attributeSync: 'override',
        userNameAttribute: null,
        roleAttribute: null,
        groupSync: 'merge',
      },
      attributeMappings: [],
      roleMappings: [],
      outboundRoles: [],
    });
    const target = await tx.insert('target', {
      identityProviderId: identityProvider.id,
      name: 'Directory',
      connectorType: 'memory',
      enabled: true,
      config: { url: 'http://localhost' },
      removal: 'deactivate',
      adoption: 'link',
      matchingAttribute: 'userName',
      maxConcurrentCalls: 3,
      removalAskedAt: null,
    });
    const serviceProvider = await tx.insert('serviceProvider', {
      name: 'Shop',
      description: '',
      homeUrl: null,
      returnUrls: ['https://shop.example/'],
      signInIdentityProviderIds: [identityProvider.id],
      passwordSignIn: false,
      selfRegistration: false,
      userStoreId: store!.id,
      ownsOutboundRows: false,
    });
    return { tenantId: tenant.id, storeId: store!.id, user, target, serviceProvider };
  });
}

export const addUser = (tx: Transaction, userStoreId: UserStoreId, userName: string): Promise<User> =>
  tx.insert('user', { userStoreId, userName, attributes: { mail: [`${userName}@example.com`] }, active: true, removedAt: null });

export const lane = (world: World, request: Partial<LaneRequest> = {}): LaneRequest => ({
  userId: world.user.id,
  targetId: world.target.id,
  kind: 'provision',
  trigger: 'change',
  serviceProviderId: null,
  priority: 'change',
  joinRunning: false,
  ...request,
});

export const inAMinute = (): Date => new Date(Date.now() + 60_000);
export const ago = (ms: number): Date => new Date(Date.now() - ms);

export const succeeded = ({ operation }: Pick<LeasedOperation, 'operation'>, accountId = `account of ${operation.userId}`): Settlement => ({
  tenantId: operation.tenantId,
  operation,
  attempt: { startedAt: ago(10), endedAt: new Date() },
  outcome: {
    kind: 'succeeded',
    action: 'created',
    link: { kind: 'write', link: { accountId: accountId as AccountId, origin: 'created', active: true, applied: { userName: 'ada' } } },
  },
  condition: { kind: 'works' },
});

export const again = (
  { operation }: Pick<LeasedOperation, 'operation'>,
  condition: Settlement['condition'] = { kind: 'failed' },
): Settlement => ({
  tenantId: operation.tenantId,
  operation,
  attempt: { startedAt: ago(10), endedAt: new Date() },
  outcome: {
    kind: 'again',
    failure: { kind: 'transient', mayHaveApplied: true },
    message: 'No answer came.',
    dueAt: new Date(Date.now() + 2_000),
    countsAttempt: true,
    mayHaveApplied: true,
    unanswered: true,
    link: { kind: 'keep' },
  },
  condition,
});
