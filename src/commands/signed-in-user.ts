/**
 * The person behind a verified sign-in: found by issuer and subject, brought up to date, or made where just-in-time provisioning says so.
 * It plans nothing and decides no login; completeLogin does. Start with findOrMakeUser.
 */
import { groupChanges, groupsFrom, mapFederated, syncAttributes, userNameFrom } from '../domain/just-in-time.ts';
import { problemWithName } from '../domain/text.ts';
import type { GroupId, User } from '../domain/vocabulary.ts';
import type { Refusal, VerifiedSignIn } from './login-outcome.ts';
import type { LoginView, NewEvent, ProvisioningView, Transaction } from './ports.ts';

export interface Person {
  readonly view: ProvisioningView;
  /** Made or changed in this transaction. */
  readonly changed: boolean;
}

export async function findOrMakeUser(tx: Transaction, signIn: VerifiedSignIn, login: LoginView): Promise<Person | Refusal> {
  if (signIn.kind === 'federated' && !vouchesFor(login)) return 'identity-provider-disabled';
  if (login.known) {
    if (!login.known.user.active || login.known.user.removedAt) return 'user-inactive';
    if (signIn.kind === 'password' || !login.identityProvider?.justInTime.enabled) return { view: login.known, changed: false };
    return syncUser(tx, signIn, login.identityProvider, { ...login, known: login.known });
  }
  if (signIn.kind === 'password' || !login.identityProvider?.justInTime.enabled) return 'unknown-user';
  return makeUser(tx, signIn, login);
}

/** A known person who may come in and about whom this sign-in tells nothing new; null otherwise. */
export function unchangedUser(signIn: Federated, login: LoginView): ProvisioningView | null {
  const { identityProvider, known } = login;
  if (!vouchesFor(login) || !identityProvider || !known?.user.active || known.user.removedAt) return null;
  return identityProvider.justInTime.enabled && changesOf(identityProvider, known, signIn) !== null ? null : known;
}

export type Federated = Extract<VerifiedSignIn, { kind: 'federated' }>;
type Provider = NonNullable<LoginView['identityProvider']>;
type KnownLogin = LoginView & { readonly known: ProvisioningView };

/** Still: the sign-in may have begun a quarter of an hour ago, and an administrator may have taken it off this service provider since. */
function vouchesFor({ identityProvider, serviceProvider }: LoginView): boolean {
  if (!identityProvider?.enabled) return false;
  // One that is gone is told as such, by who finds out.
  return serviceProvider === null || serviceProvider.signInIdentityProviderIds.includes(identityProvider.id);
}

/** null: neither attributes nor groups change. */
function changesOf(provider: Provider, known: ProvisioningView, signIn: Federated): ReturnType<typeof groupChanges> | null {
  const attributes = syncAttributes(provider, known.user, signIn.attributes);
  const wanted = groupsFrom(provider, signIn.attributes);
  const groups = wanted ? groupChanges(provider, known.groupIds, wanted) : { join: [], leave: [] };
  return attributes === known.user.attributes && groups.join.length === 0 && groups.leave.length === 0 ? null : groups;
}

async function makeUser(tx: Transaction, signIn: Federated, login: LoginView): Promise<Person | Refusal> {
  const provider = login.identityProvider;
  const userStoreId = provider?.justInTime.userStoreId ?? login.serviceProvider?.userStoreId;
  if (!provider || !userStoreId) return 'service-provider-unknown';
  const userName = userNameFrom(provider, signIn.subject, signIn.attributes);
  if (problemWithName(userName, 255) !== null) return 'user-name-unusable';
  // Never linked by name: whoever controls a name at an identity provider would take over the local account.
  const taken = await tx.count('user', { userStoreId, userName, removedAt: null });
  if (taken > 0) return 'user-name-taken';
  const user = await tx.insert('user', {
    userStoreId,
    userName,
    attributes: mapFederated(provider, signIn.attributes),
    active: true,
    removedAt: null,
  });
  await tx.insert('identity', { userId: user.id, identityProviderId: provider.id, issuer: signIn.issuer, subject: signIn.subject });
  const groups = groupsFrom(provider, signIn.attributes) ?? [];
  await join(tx, user, groups);
  await tx.append([{ type: 'user.created', userId: user.id, payload: { by: 'just-in-time' } }]);
  return viewAfter(tx, user, login, true);
}

async function syncUser(tx: Transaction, signIn: Federated, provider: Provider, login: KnownLogin): Promise<Person | Refusal> {
  const { known } = login;
  const groups = changesOf(provider, known, signIn);
  if (groups === null) return { view: known, changed: false };

  // What an administrator saved between our look and the lock is kept: the attributes are judged again under it.
  const locked = await tx.lockUser(known.user.id);
  if (!locked?.active || locked.removedAt) return 'user-inactive';
  const changed = await tx.change('user', known.user.id, { attributes: syncAttributes(provider, locked, signIn.attributes) });
  if (typeof changed === 'string') return { view: known, changed: false };
  await join(tx, changed, groups.join);
  if (groups.leave.length > 0) await tx.remove('membership', { userId: known.user.id, groupId: groups.leave });
  await tx.append([{ type: 'user.changed', userId: known.user.id, payload: { by: 'just-in-time' } } satisfies NewEvent]);
  // Mappings speak of groups by name: who changes them looks again.
  if (groups.join.length > 0 || groups.leave.length > 0) {
    tx.concernGroups({ userIds: [changed.id] });
    return viewAfter(tx, changed, login, true);
  }
  return { view: { ...known, user: changed }, changed: true };
}

async function join(tx: Transaction, user: User, groups: readonly GroupId[]): Promise<void> {
  await tx.insertMany(
    'membership',
    groups.map((groupId) => ({ groupId, userId: user.id })),
  );
}

async function viewAfter(tx: Transaction, user: User, login: LoginView, changed: boolean): Promise<Person | Refusal> {
  const view = await tx.provisioningView(user.id, login.serviceProvider?.id ?? null);
  return view ? { view, changed } : 'unknown-user';
}
