/** What a crowd needs: an Usher configured through its public API, an identity provider, and a target that drops answers and lets doubled accounts in. */
import { administer, type ServiceProvider } from '../support/administer.ts';
import { startSamlIdentityProvider, type SamlIdentityProvider } from '../support/saml-identity-provider.ts';
import { startScimServer, type ScimServer } from '../support/targets/scim-server.ts';
import { tokenOf } from '../support/usher-process.ts';

export interface Place {
  readonly url: string;
  readonly token: string;
  readonly signInWith: string;
  readonly held: ServiceProvider;
  readonly background: ServiceProvider;
  readonly registration: ServiceProvider;
  readonly idp: SamlIdentityProvider;
  readonly scim: ScimServer;
  /** Pending while nobody would answer. */
  isUp: Promise<unknown>;
  close(): Promise<void>;
}

/** Of a chaos run: short, so that what a dead process held is soon taken over. */
export const settings = {
  USHER_TRUST_PROXY: '1',
  USHER_ATTEMPT_TIMEOUT_MS: '2000',
  USHER_LEASE_MARGIN_MS: '500',
  USHER_HOLD_IN_REQUEST_MS: '20',
} as const;

export async function preparePlace(url: string): Promise<Place> {
  const [idp, scim] = await Promise.all([startSamlIdentityProvider(), startScimServer({ unique: false })]);
  const token = await tokenOf(url);
  const admin = administer({ url, token });
  const { id: signInWith } = await admin.addSamlIdentityProvider({
    name: 'Staff',
    issuer: idp.entityId,
    entryPoint: idp.entryPoint,
    certificate: idp.certificate,
  });
  const target = await admin.addTarget({
    name: 'Directory',
    connectorType: 'scim2',
    config: { baseUrl: scim.url, authentication: 'bearer', token: scim.token },
  });
  const held = await admin.addServiceProvider({ name: 'Held', signInWith: [signInWith] });
  const background = await admin.addServiceProvider({ name: 'Background', signInWith: [signInWith] });
  const registration = await admin.addServiceProvider({ name: 'Registration', more: { selfRegistration: true } });
  await admin.configureOutbound(held, [{ target, blocking: true, jitOutbound: true, deadlineMs: 30_000 }]);
  await admin.configureOutbound(background, [{ target, jitOutbound: true }]);
  await admin.configureOutbound(registration, [{ target }]);
  return {
    ...{ url, token, signInWith, held, background, registration, idp, scim },
    isUp: Promise.resolve(),
    close: async () => {
      await Promise.all([idp.close(), scim.close()]);
    },
  };
}
