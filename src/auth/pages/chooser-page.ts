/** How to sign in to one service provider: its identity providers, and name and password where it allows them. */
import type { IdentityProvider, ServiceProvider } from '../../domain/vocabulary.ts';
import { originsOf } from '../return-url.ts';
import type { Reply } from '../step.ts';
import { html } from './html.ts';

export interface ChooserPage {
  readonly publicUrl: string;
  readonly serviceProvider: ServiceProvider;
  readonly identityProviders: readonly IdentityProvider[];
  readonly returnTo: string | null;
  /** The one sentence for a wrong name, a wrong password and a locked account. */
  readonly passwordWasWrong: boolean;
}

export function chooserPage(page: ChooserPage): Reply {
  const { serviceProvider, publicUrl, returnTo } = page;
  const here = `${publicUrl}/login/${serviceProvider.id}`;
  const query = returnTo === null ? '' : `?${new URLSearchParams({ returnTo }).toString()}`;
  const choices = page.identityProviders.map((one) => html`<a class="choice" href="${here}/${one.id}${query}">${one.name}</a>`);
  const nothing = choices.length === 0 && !serviceProvider.passwordSignIn;
  const body = html`${nothing ? html`<p>There is no way to sign in here yet.</p>` : ''} ${choices}
  ${serviceProvider.passwordSignIn ? passwordForm(`${here}/password`, page) : ''}`;
  return {
    kind: 'page',
    status: page.passwordWasWrong ? 401 : 200,
    title: `Sign in to ${serviceProvider.name}`,
    body,
    options: { formOrigins: originsOf(serviceProvider) },
  };
}

function passwordForm(action: string, page: ChooserPage): ReturnType<typeof html> {
  return html`<form method="post" action="${action}">
    ${page.passwordWasWrong ? html`<p class="problem" role="alert">That did not work. Check the name and the password, or try again in a few minutes.</p>` : ''}
    ${page.returnTo === null ? '' : html`<input type="hidden" name="returnTo" value="${page.returnTo}" />`}
    <label>Name <input name="userName" autocomplete="username" required maxlength="256" autofocus /></label>
    <label>Password <input name="password" type="password" autocomplete="current-password" required maxlength="1024" /></label>
    <button>Sign in</button>
  </form>`;
}
