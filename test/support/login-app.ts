/** The login routes in a small Express application over records in memory: for testing sign-in without a database. It decides nothing: `house` says what comes of a login. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express from 'express';
import session from 'express-session';
import { createLoginRoutes, type LoginRoutesDeps } from '../../src/auth/login-routes.ts';
import { sessionCookie } from '../../src/auth/login-cookies.ts';
import { makeOwnCertificate } from '../../src/auth/own-certificate.ts';
import { hashPassword, verifyPassword } from '../../src/auth/passwords.ts';
import { createProofLimit } from '../../src/http/proof-limit.ts';
import type { CompleteLoginInput, LoginOutcome } from '../../src/commands/login-outcome.ts';
import type { LogFields } from '../../src/commands/ports.ts';
import type { ResumeLoginInput } from '../../src/commands/resume-login.ts';
import type {
  Attributes,
  IdentityProvider,
  IdentityProviderId,
  LoginAttempt,
  LoginAttemptId,
  SamlAuthenticator,
  ServiceProvider,
  ServiceProviderId,
  TenantId,
  User,
  UserId,
  UserStoreId,
} from '../../src/domain/vocabulary.ts';

export interface LoginApp {
  readonly url: string;
  readonly tenantId: TenantId;
  readonly completed: CompleteLoginInput[];
  readonly refused: { readonly reason: string }[];
  readonly resumed: ResumeLoginInput[];
  readonly log: { readonly fields: LogFields; readonly fact: string }[];
  readonly users: Map<string, StoredUser>;
  /** What comes of the next logins; by default they are opened. */
  house: {
    complete: (input: CompleteLoginInput) => Promise<LoginOutcome>;
    resume: (input: ResumeLoginInput) => Promise<LoginOutcome | null>;
  };
  /** As `house` is at first, for putting it back. */
  readonly usualHouse: LoginApp['house'];
  readonly clock: { offsetMs: number };
  addServiceProvider(settings: Partial<ServiceProvider>): ServiceProvider;
  addIdentityProvider(
    authenticator: Partial<SamlAuthenticator> & Pick<SamlAuthenticator, 'issuer' | 'entryPoint' | 'certificates'>,
  ): Promise<IdentityProvider>;
  changeIdentityProvider(
    id: IdentityProviderId,
    change: Partial<Omit<IdentityProvider, 'authenticator'>> & { readonly authenticator?: Partial<SamlAuthenticator> },
  ): void;
  addUser(userName: string, password: string): Promise<User>;
  openedFor(user: User, input: Pick<CompleteLoginInput, 'serviceProviderId' | 'returnTo'>): LoginOutcome;
  heldFor(user: User, input: CompleteLoginInput): Extract<LoginOutcome, { kind: 'held' }>;
  close(): Promise<void>;
}
interface StoredUser {
  user: User;
  hash: string | null;
  wrong: number;
}

/** `publicUrl` other than where it listens: to see what it would do behind TLS. */
export async function startLoginApp(
  options: { readonly publicUrl?: string; readonly mountedAt?: string; readonly proofs?: number } = {},
): Promise<LoginApp> {
  const tenantId = randomUUID() as TenantId;
  const serviceProviders = new Map<string, ServiceProvider>();
  const identityProviders = new Map<string, IdentityProvider>();
  const keys = new Map<string, string>();
  const users = new Map<string, StoredUser>();
  const used = new Set<string>();
  const clock = { offsetMs: 0 };
  const userStoreId = randomUUID() as UserStoreId;

  const app = express();
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const mountedAt = options.mountedAt ?? '';
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${mountedAt}`;
  const publicUrl = options.publicUrl ?? url;

  const makeUser = (userName: string, attributes: Attributes): User => {
    const now = new Date();
    const user: User = {
      id: randomUUID() as UserId,
      tenantId,
      userStoreId,
      userName,
      attributes,
      active: true,
      removedAt: null,
      selfRegistered: false,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    users.set(userName, { user, hash: null, wrong: 0 });
    return user;
  };
  const userOf = (input: CompleteLoginInput): User | null => {
    const { signIn } = input;
    if (signIn.kind === 'password') return [...users.values()].find((one) => one.user.id === signIn.userId)?.user ?? null;
    return users.get(signIn.subject)?.user ?? makeUser(signIn.subject, signIn.attributes);
  };

  const usualHouse: LoginApp['house'] = {
    complete: async (input) => {
      if (input.signIn.kind === 'federated') {
        if (used.has(input.signIn.assertionId)) return { kind: 'refused', reason: 'assertion-used', reference: 'TEST-USED' };
        used.add(input.signIn.assertionId);
      }
      const user = userOf(input);
      return user ? loginApp.openedFor(user, input) : { kind: 'refused', reason: 'unknown-user', reference: 'TEST-UNKNOWN' };
    },
    resume: async () => null,
  };
  const loginApp: LoginApp = {
    url,
    tenantId,
    completed: [],
    refused: [],
    resumed: [],
    log: [],
    users,
    clock,
    house: { ...usualHouse },
    usualHouse,
    addServiceProvider(settings) {
      const serviceProvider: ServiceProvider = {
        id: randomUUID() as ServiceProviderId,
        tenantId,
        name: 'Payroll',
        description: '',
        homeUrl: null,
        returnUrls: [],
        signInIdentityProviderIds: [...identityProviders.keys()] as IdentityProviderId[],
        passwordSignIn: false,
        selfRegistration: false,
        userStoreId,
        ownsOutboundRows: true,
        version: 1,
        createdAt: new Date(),
        ...settings,
      };
      serviceProviders.set(serviceProvider.id, serviceProvider);
      return serviceProvider;
    },
    async addIdentityProvider(authenticator) {
      const id = randomUUID() as IdentityProviderId;
      const own = await makeOwnCertificate('Usher', new Date());
      keys.set(id, own.privateKey);
      const identityProvider: IdentityProvider = {
        id,
        tenantId,
        name: 'Corporate login',
        description: '',
        enabled: true,
        authenticator: {
          kind: 'saml',
          logoutUrl: null,
          subjectAttribute: null,
          signRequests: false,
          requireEncryption: false,
          ownCertificate: own.certificate,
          ...authenticator,
        },
        justInTime: {
          enabled: true,
          userStoreId: null,
          attributeSync: 'override',
          userNameAttribute: null,
          roleAttribute: null,
          groupSync: 'merge',
        },
        attributeMappings: [],
        roleMappings: [],
        outboundRoles: [],
        version: 1,
        createdAt: new Date(),
      };
      identityProviders.set(id, identityProvider);
      return identityProvider;
    },
    changeIdentityProvider(id, change) {
      const before = identityProviders.get(id)!;
      identityProviders.set(id, { ...before, ...change, authenticator: { ...before.authenticator!, ...change.authenticator } });
    },
    async addUser(userName, password) {
      const user = makeUser(userName, {});
      users.get(userName)!.hash = await hashPassword(password);
      return user;
    },
    openedFor: (user, { serviceProviderId, returnTo }) => ({
      kind: 'opened',
      user,
      serviceProvider: serviceProviders.get(serviceProviderId)!,
      loginAttemptId: randomUUID() as LoginAttemptId,
      returnTo,
    }),
    heldFor(user, input) {
      const attempt: LoginAttempt = {
        id: randomUUID() as LoginAttemptId,
        tenantId,
        serviceProviderId: input.serviceProviderId,
        identityProviderId: null,
        userId: user.id,
        state: 'held',
        refusal: null,
        reference: 'TEST-HELD',
        browserHash: input.browserHash,
        returnTo: input.returnTo,
        holds: [],
        createdAt: new Date(),
        decidedAt: null,
      };
      return { kind: 'held', attempt, targets: [{ name: 'Google <Workspace>', state: 'working' }] };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  const records: Partial<Record<string, Map<string, { readonly id: string }>>> = {
    serviceProvider: serviceProviders,
    identityProvider: identityProviders,
  };
  const all = (kind: string): any[] =>
    kind === 'user' ? [...users.values()].map((one) => one.user) : [...(records[kind]?.values() ?? [])];
  const note = (fields: LogFields, fact: string): void => void loginApp.log.push({ fields, fact });
  const deps: LoginRoutesDeps = {
    publicUrl,
    cookieSecrets: ['the secret of the login tests'],
    database: {
      reads: () => ({
        byId: async (kind, id) => all(kind).find((one) => one.id === id) ?? null,
        find: async (kind, where) => all(kind).filter((one) => !('id' in where) || (where.id as readonly string[]).includes(one.id)),
        page: async (kind) => ({ items: all(kind), hasNextPage: false }),
      }),
      tenants: {
        signInParties: async (id, identityProviderId) => ({
          serviceProvider: all('serviceProvider').find((one) => one.id === id) ?? null,
          identityProvider: all('identityProvider').find((one) => one.id === identityProviderId) ?? null,
        }),
        ofIdentityProvider: async (id) => (identityProviders.has(id) ? tenantId : null),
      },
      credentials: {
        user: async (_tenantId, _store, userName) => {
          const stored = users.get(userName);
          return stored?.user ?? null;
        },
      },
    },
    tryPassword: async (user, password) => {
      const stored = [...users.values()].find((one) => one.user.id === user?.id);
      const locked = !stored || stored.wrong >= 5;
      const right = await verifyPassword(locked ? null : stored.hash, password);
      if (stored && !locked) stored.wrong = right ? 0 : stored.wrong + 1;
      return right;
    },
    ownPrivateKey: async (_tenantId, id) => keys.get(id) ?? null,
    completeLogin: (input) => {
      loginApp.completed.push(input);
      return loginApp.house.complete(input);
    },
    resumeLogin: (input) => {
      loginApp.resumed.push(input);
      return loginApp.house.resume(input);
    },
    refuseLogin: async (input) => {
      loginApp.refused.push(input);
      return { reference: 'TEST-REFUSED' };
    },
    proofs: createProofLimit({ proofs: options.proofs ?? 10_000 }),
    clock: { now: () => new Date(Date.now() + clock.offsetMs) },
    chance: { random: Math.random, uuid: randomUUID, secret: () => randomBytes(32).toString('base64url') },
    log: { info: note, warn: note, error: note },
  };
  const { name, options: cookie } = sessionCookie(url);
  app.use(session({ name, secret: 'x', resave: false, saveUninitialized: false, cookie }));
  app.use(mountedAt || '/', createLoginRoutes(deps));
  return loginApp;
}
