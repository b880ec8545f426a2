/** The event that every change of an identity provider appends. */
import type { IdentityProvider } from '../domain/vocabulary.ts';
import type { NewEvent } from './ports.ts';

export function identityProviderChanged(provider: IdentityProvider): NewEvent {
  const { id: identityProviderId, name, enabled } = provider;
  return { type: 'identity-provider.changed', payload: { identityProviderId, name, enabled } };
}
