/** A whole Usher with its configuration, and short words for what engine tests do with it: targets in memory, people, operations. */
import { randomUUID } from 'node:crypto';
import { memoryTarget, type MemoryTarget } from '../../src/connectors/memory/target.ts';
import type { Operation, UserId } from '../../src/domain/vocabulary.ts';
import { administer, type Administrator, type OutboundRow, type ServiceProvider, type Target } from './administer.ts';
import { person, signInAs, until, type Visitor } from './people.ts';
import { startSamlIdentityProvider, type SamlIdentityProvider } from './saml-identity-provider.ts';
import { startUsher, type RunningUsher, type UsherOptions } from './usher.ts';

export interface MemoryAtHand extends Target {
  readonly name: string;
  readonly memory: MemoryTarget;
}
export interface Engine {
  readonly usher: RunningUsher;
  readonly admin: Administrator;
  readonly idp: SamlIdentityProvider;
  readonly signInWith: string;
  /** A target in memory with a store of its own. */
  target(more?: Record<string, unknown>): Promise<MemoryAtHand>;
  /** Takes registrations and people of the identity provider. */
  serviceProvider(...rows: readonly OutboundRow[]): Promise<ServiceProvider>;
  /** Registers somebody; the name is made up. */
  register(serviceProvider: ServiceProvider, name?: string): Promise<{ readonly id: UserId; readonly userName: string }>;
  changeTitle(userId: string, title: string): Promise<void>;
  signIn(serviceProvider: ServiceProvider, name: string): Promise<Visitor>;
  /** Oldest first. */
  operationsOf(userId: string): Promise<readonly Operation[]>;
  /** Waits until none of these targets has unfinished operations. */
  rest(...targets: readonly Target[]): Promise<void>;
  close(): Promise<void>;
}

export async function startEngine(options: UsherOptions = {}): Promise<Engine> {
  const [usher, idp] = await Promise.all([startUsher(options), startSamlIdentityProvider()]);
  const admin = administer(usher);
  const { id: signInWith } = await admin.addSamlIdentityProvider({
    name: `Staff ${randomUUID()}`,
    issuer: idp.entityId,
    entryPoint: idp.entryPoint,
    certificate: idp.certificate,
  });
  const reads = usher.app.database.reads(usher.tenantId);
  return {
    usher,
    admin,
    idp,
    signInWith,
    async target(more) {
      const name = `memory ${randomUUID()}`;
      const target = await admin.addTarget({ name, connectorType: 'memory', config: { name }, ...(more ? { more } : {}) });
      return { ...target, name, memory: memoryTarget(name) };
    },
    async serviceProvider(...rows) {
      const made = await admin.addServiceProvider({
        name: `App ${randomUUID()}`,
        signInWith: [signInWith],
        more: { selfRegistration: true },
      });
      await admin.configureOutbound(
        made,
        rows.map((row) => ({ jitOutbound: true, ...row, target: plain(row.target) })),
      );
      return made;
    },
    register: (serviceProvider, name = `user-${randomUUID()}`) =>
      admin.do(
        `mutation($input: RegisterUserInput!) { registerUser(input: $input) { __typename ... on RegisteredUser { id userName } ... on Problem { message } } }`,
        { input: { serviceProviderId: serviceProvider.id, userName: name } },
      ),
    async changeTitle(userId, title) {
      for (let time = 0; ; time++) {
        const user = await reads.byId('user', userId);
        const changed = await admin.do(`mutation($input: ChangeUserInput!) { changeUser(input: $input) { __typename } }`, {
          input: { id: userId, version: user?.version ?? 0, attributes: [{ name: 'title', values: [title] }] },
        });
        if (changed.__typename === 'User') return;
        if (changed.__typename !== 'VersionConflict' || time > 20) throw new Error(changed.__typename);
      }
    },
    async signIn(serviceProvider, name) {
      if (!idp.people.has(name)) person(idp, name);
      return signInAs(serviceProvider.loginUrl, signInWith, name);
    },
    operationsOf: (userId) => reads.find('operation', { userId: userId as UserId }),
    rest: async (...targets) => {
      const ids = targets.map((target) => target.connectorId);
      await until(async () => {
        const unfinished = await reads.find('operation', { state: ['pending', 'running'] });
        return !unfinished.some((operation) => ids.includes(operation.targetId));
      });
    },
    close: async () => {
      await Promise.all([usher.close(), idp.close()]);
    },
  };
}

const plain = ({ identityProviderId, connectorId, version }: Target): Target => ({ identityProviderId, connectorId, version });
