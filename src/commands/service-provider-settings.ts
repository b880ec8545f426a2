/** The settings of a service provider as an administrator gives them, and whether what they name exists. */
import type { IdentityProviderId, UserStoreId } from '../domain/vocabulary.ts';
import type { InputProblem } from './outcome.ts';
import type { Reads } from './ports.ts';

/** Absent leaves alone. */
export interface ServiceProviderSettings {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly homeUrl?: string | null | undefined;
  readonly returnUrls?: readonly string[] | undefined;
  readonly signInIdentityProviderIds?: readonly IdentityProviderId[] | undefined;
  readonly passwordSignIn?: boolean | undefined;
  readonly selfRegistration?: boolean | undefined;
  readonly userStoreId?: UserStoreId | undefined;
}

export async function missingReferences(reads: Reads, settings: ServiceProviderSettings): Promise<readonly InputProblem[]> {
  const problems: InputProblem[] = [];
  const wanted = settings.signInIdentityProviderIds ?? [];
  const found = wanted.length === 0 ? [] : await reads.find('identityProvider', { id: wanted });
  wanted.forEach((id, index) => {
    const path = ['signInIdentityProviderIds', String(index)];
    if (!found.some((known) => known.id === id)) problems.push({ path, message: 'There is no such identity provider.' });
    else if (wanted.indexOf(id) < index) problems.push({ path, message: 'This identity provider is named twice.' });
  });
  if (settings.userStoreId !== undefined && !(await reads.byId('userStore', settings.userStoreId)))
    problems.push({ path: ['userStoreId'], message: 'There is no such user store.' });
  return problems;
}
