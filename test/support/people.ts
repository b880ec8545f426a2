/** People at the test identity provider, and the way they sign in. */
import { createBrowser, type Browser, type Page } from './browser.ts';
import type { SamlIdentityProvider } from './saml-identity-provider.ts';

export interface Visitor {
  readonly browser: Browser;
  /** Where the callback led to: the application, a waiting page, a refusal. */
  readonly page: Page;
}

/** Adds a person, or changes their attributes. The user is called `<name>@example.org`. */
export function person(idp: SamlIdentityProvider, name: string, attributes: Readonly<Record<string, string>> = {}): string {
  idp.people.set(name, {
    name,
    nameId: `${name}@example.org`,
    attributes: { givenName: name, sn: 'Example', mail: `${name}@example.org`, ...attributes },
  });
  return name;
}

/** From the service provider's login page through the identity provider, back to wherever that leads. */
export async function signInAs(loginUrl: string, identityProviderId: string, name: string, browser = createBrowser()): Promise<Visitor> {
  const form = await browser.get(`${loginUrl}/${identityProviderId}`);
  const posting = await browser.submit(form, { user: name });
  return { browser, page: await browser.submit(posting) };
}

export const isWaiting = (page: Page): boolean => page.text.includes('http-equiv="refresh"');

/** Asks until it is so. */
export async function until<T>(what: () => T | Promise<T>, ms = 20_000, said = 'It did not come about in time.'): Promise<NonNullable<T>> {
  const end = performance.now() + ms;
  for (;;) {
    const found = await what();
    if (found) return found;
    if (performance.now() > end) throw new Error(said);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}
