/** What changes between the look at a person and the moment that lets them in. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeLogin } from '../../src/commands/complete-login.ts';
import { deactivateUser } from '../../src/commands/deactivate-user.ts';
import { createUser } from '../../src/commands/create-user.ts';
import { linkIdentity } from '../../src/commands/link-identity.ts';
import type { CompleteLoginInput, LoginOutcome } from '../../src/commands/login-outcome.ts';
import { UniqueViolation, type Database, type House } from '../../src/commands/ports.ts';
import type { IdentityProviderId, ServiceProviderId, UserId } from '../../src/domain/vocabulary.ts';
import { administer } from '../support/administer.ts';
import { startEngine, type Engine } from '../support/engine.ts';

let engine: Engine;
let serviceProviderId: ServiceProviderId;
beforeAll(async () => {
  engine = await startEngine();
  serviceProviderId = (await engine.serviceProvider()).id as ServiceProviderId;
});
afterAll(() => engine.close());

const house = (): House => engine.usher.app.house;
const caller = () => ({ tenantId: engine.usher.tenantId, role: 'administrator', actor: { kind: 'self', id: 'test' } }) as const;
const arriving = (subject: string): CompleteLoginInput => ({
  tenantId: engine.usher.tenantId,
  serviceProviderId,
  signIn: {
    kind: 'federated',
    identityProviderId: engine.signInWith as IdentityProviderId,
    issuer: engine.idp.entityId,
    subject,
    attributes: {},
    assertionId: randomUUID(),
    expiresAt: new Date(Date.now() + 60_000),
  },
  returnTo: null,
  browserHash: 'h',
});
/** The same house, in which something happens right after each look at a person. */
const whereAfterTheLook = (happens: () => Promise<unknown>): House => {
  const { database } = house();
  const reads: Database['reads'] = (tenantId) => {
    const plain = database.reads(tenantId);
    return {
      ...plain,
      loginView: async (...asked) => {
        const seen = await plain.loginView(...asked);
        await happens();
        return seen;
      },
    };
  };
  return { ...house(), database: { ...database, reads } };
};
const userOf = (outcome: LoginOutcome): UserId => {
  if (outcome.kind !== 'opened') throw new Error(outcome.kind);
  return outcome.user.id;
};

describe('somebody who is deactivated a moment before the door opens is refused', () => {
  it('by their identity provider’s word, when nothing else is to be written', async () => {
    const subject = `ann-${randomUUID()}`;
    const id = userOf(await completeLogin(house(), arriving(subject)));
    const racing = whereAfterTheLook(() => deactivateUser(house(), caller(), { id, version: null }));
    expect(await completeLogin(racing, arriving(subject))).toMatchObject({ kind: 'refused', reason: 'user-inactive' });
  });

  it('by a local password', async () => {
    const id = userOf(await completeLogin(house(), arriving(`bob-${randomUUID()}`)));
    const racing = whereAfterTheLook(() => deactivateUser(house(), caller(), { id, version: null }));
    const signIn = { kind: 'password', userId: id } as const;
    expect(await completeLogin(racing, { ...arriving(''), signIn })).toMatchObject({ kind: 'refused', reason: 'user-inactive' });
  });
});

it('of two that bring the same assertion at once one comes in', async () => {
  const subject = `cleo-${randomUUID()}`;
  await completeLogin(house(), arriving(subject));
  const input = arriving(subject);
  const outcomes = await Promise.all([completeLogin(house(), input), completeLogin(house(), input), completeLogin(house(), input)]);
  expect(outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.reason : outcome.kind)).sort()).toEqual([
    'assertion-used',
    'assertion-used',
    'opened',
  ]);
});

it('whoever loses every race for a new user is refused, and the refusal is recorded', async () => {
  const { database } = house();
  const taken: Database['transaction'] = (tenantId, work) =>
    database.transaction(tenantId, (tx) =>
      work({
        ...tx,
        insert: (kind, record) => (kind === 'user' ? Promise.reject(new UniqueViolation('user_name')) : tx.insert(kind, record)),
      }),
    );
  const outcome = await completeLogin({ ...house(), database: { ...database, transaction: taken } }, arriving(`eve-${randomUUID()}`));
  expect(outcome).toMatchObject({ kind: 'refused', reason: 'user-name-taken' });
  const { reference } = outcome as Extract<LoginOutcome, { kind: 'refused' }>;
  expect(await database.reads(engine.usher.tenantId).count('loginAttempt', { reference, state: 'refused' })).toBe(1);
});

it('two identity providers that speak for one issuer each bring people of their own', async () => {
  const { id } = await administer(engine.usher).addSamlIdentityProvider({
    name: 'The same in another building',
    issuer: engine.idp.entityId,
    entryPoint: engine.idp.entryPoint,
    certificate: engine.idp.certificate,
  });
  const both = await administer(engine.usher).addServiceProvider({ name: `Both ${randomUUID()}`, signInWith: [engine.signInWith, id] });
  const subject = `fay-${randomUUID()}`;
  const through = (identityProviderId: string): CompleteLoginInput => {
    const input = arriving(subject);
    if (input.signIn.kind !== 'federated') throw new Error(input.signIn.kind);
    const signIn = { ...input.signIn, identityProviderId: identityProviderId as IdentityProviderId };
    return { ...input, serviceProviderId: both.id as ServiceProviderId, signIn };
  };
  const first = userOf(await completeLogin(house(), through(engine.signInWith)));
  expect(await completeLogin(house(), through(id))).toMatchObject({ kind: 'refused', reason: 'user-name-taken' });

  const made = await createUser(house(), caller(), { userStoreId: null, userName: `fay-${randomUUID()}`, attributes: [], active: true });
  if (made.kind !== 'done') throw new Error(made.kind);
  const link = { userId: made.value.id, identityProviderId: id as IdentityProviderId, subject };
  expect(await linkIdentity(house(), caller(), link)).toMatchObject({ kind: 'done' });
  expect(userOf(await completeLogin(house(), through(id)))).toBe(made.value.id);
  expect(userOf(await completeLogin(house(), through(engine.signInWith)))).toBe(first);
});

describe('an identity provider that people of the service provider no longer sign in with', () => {
  it.each(['known', 'new'])('lets nobody in who began before, %s or not', async (which) => {
    const shop = await engine.serviceProvider();
    const subject = `dora-${randomUUID()}`;
    const input = { ...arriving(subject), serviceProviderId: shop.id as ServiceProviderId };
    if (which === 'known') await completeLogin(house(), { ...arriving(subject), serviceProviderId: input.serviceProviderId });
    await house().database.transaction(engine.usher.tenantId, (tx) =>
      tx.change('serviceProvider', shop.id, { signInIdentityProviderIds: [] }),
    );
    expect(await completeLogin(house(), input)).toMatchObject({ kind: 'refused', reason: 'identity-provider-disabled' });
  });
});
