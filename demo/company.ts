/** A company configured through the public GraphQL API: who signs in where, and where accounts are to be. Nothing here reaches into Usher. */
import { administer, type Administrator, type ServiceProvider, type Target } from '../test/support/administer.ts';
import type { SamlIdentityProvider } from '../test/support/saml-identity-provider.ts';
import { ask } from '../test/support/web.ts';

export interface Company {
  readonly staffId: string;
  readonly directory: Target;
  readonly portal: ServiceProvider;
  readonly intranet: ServiceProvider;
  readonly shop: ServiceProvider;
}

/** As the administrator in a browser would: a session by name and password, and with it a token for this program. */
export async function comeIn(url: string, password: string): Promise<Administrator> {
  const signedIn = await ask(
    url,
    `mutation SignIn($input: SignInInput!) { signIn(input: $input) { ... on Me { name } ... on Problem { message } } }`,
    { input: { userName: 'admin', password } },
  );
  if (signedIn.data?.signIn?.name !== 'admin')
    throw new Error(`The administrator could not sign in: ${JSON.stringify(signedIn.errors ?? signedIn.data)}`);
  const made = await ask(
    url,
    `mutation Token($input: CreateApiTokenInput!) { createApiToken(input: $input) { ... on CreatedApiToken { token } ... on Problem { message } } }`,
    { input: { name: 'demo', role: 'ADMINISTRATOR' } },
    { cookie: signedIn.cookie, origin: url },
  );
  const token: unknown = made.data?.createApiToken?.token;
  if (typeof token !== 'string') throw new Error(`There is no API token: ${JSON.stringify(made.errors ?? made.data)}`);
  return administer({ url, token });
}

export async function foundCompany(
  admin: Administrator,
  idp: SamlIdentityProvider,
  scim: { readonly url: string; readonly token: string },
): Promise<Company> {
  const staff = await admin.addSamlIdentityProvider({
    name: 'Staff',
    issuer: idp.entityId,
    entryPoint: idp.entryPoint,
    certificate: idp.certificate,
  });
  const directory = await admin.addTarget({
    name: 'Directory',
    connectorType: 'scim2',
    config: { baseUrl: scim.url, authentication: 'bearer', token: scim.token },
  });
  const portal = await admin.addServiceProvider({ name: 'Portal', signInWith: [staff.id] });
  const intranet = await admin.addServiceProvider({ name: 'Intranet', signInWith: [staff.id] });
  const shop = await admin.addServiceProvider({ name: 'Shop', more: { selfRegistration: true, passwordSignIn: true } });
  // A minute is for machines that have a lot to do; ten seconds are usual.
  await admin.configureOutbound(portal, [{ target: directory, blocking: true, jitOutbound: true, deadlineMs: 60_000 }]);
  await admin.configureOutbound(intranet, [{ target: directory, jitOutbound: true }]);
  await admin.configureOutbound(shop, []);
  return { staffId: staff.id, directory, portal, intranet, shop };
}
