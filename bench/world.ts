/** What every benchmark of a running Usher begins with: an administrator's token, and the API client of the tests. */
import { administer, type Administrator } from '../test/support/administer.ts';
import { ask } from '../test/support/web.ts';
import { adminPassword } from './processes.ts';

export async function adminOf(url: string): Promise<{ readonly admin: Administrator; readonly token: string }> {
  const signedIn = await ask(url, `mutation($input: SignInInput!) { signIn(input: $input) { __typename } }`, {
    input: { userName: 'admin', password: adminPassword },
  });
  const made = await ask(
    url,
    `mutation($input: CreateApiTokenInput!) { createApiToken(input: $input) { ... on CreatedApiToken { token } ... on Problem { message } } }`,
    { input: { name: 'bench', role: 'ADMINISTRATOR' } },
    { cookie: signedIn.cookie },
  );
  const token = made.data?.createApiToken.token;
  if (!token) throw new Error(JSON.stringify([signedIn, made]));
  return { admin: administer({ url, token }), token };
}
