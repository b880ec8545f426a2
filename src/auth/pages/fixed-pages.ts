/** Everything else that a person may read from us: fixed sentences, never what went wrong inside. */
import type { Refusal } from '../../commands/login-outcome.ts';
import type { ServiceProvider } from '../../domain/vocabulary.ts';
import type { Reply } from '../step.ts';
import { html, type SafeHtml } from './html.ts';

const sentences: Record<Refusal, string> = {
  'not-verified': 'The answer of your identity provider could not be verified.',
  'assertion-used': 'This sign-in was used before.',
  'identity-provider-disabled': 'This way of signing in is switched off.',
  'unknown-user': 'There is no account for you here.',
  'user-inactive': 'Your account is switched off.',
  'user-name-taken': 'Your account could not be made because its name is taken.',
  'user-name-unusable': 'Your account could not be made because its name cannot be one.',
  'not-provisioned': 'Your accounts could not be prepared.',
  'kept-out': 'You are not admitted to this application.',
  'deadline-passed': 'Preparing your accounts takes longer than it should.',
  'signed-out': 'You were signed out before you were in.',
  'service-provider-unknown': 'This application is no longer set up here.',
};

export interface RefusalPage {
  readonly reason: Refusal;
  readonly reference: string;
  /** Where to begin again; null: nobody knows where this began. */
  readonly tryAgain: string | null;
}

export function refusalPage(page: RefusalPage): Reply {
  const again = page.tryAgain === null ? '' : html`<p><a class="choice" href="${page.tryAgain}">Try again</a></p>`;
  return {
    kind: 'page',
    status: 403,
    title: 'You could not be signed in',
    body: html`<p>${sentences[page.reason]}</p>
      ${referenceLine(page.reference)}${again}`,
  };
}

/** Whatever breaks: the same words, with a number that leads to the log. */
export function faultPage(status: number, reference: string): Reply {
  return {
    kind: 'page',
    status,
    title: status === 404 ? 'There is nothing here' : 'That did not work',
    body: html`<p>${status === 404 ? 'Check the address, or begin at the application.' : 'Please begin again at the application.'}</p>
      ${referenceLine(reference)}`,
  };
}

/** A response nobody asked for in this browser: from a bookmark, a portal, another browser, or after too long a time. */
export function beginAgainPage(reference: string, serviceProviders: readonly ServiceProvider[], publicUrl: string): Reply {
  const links = serviceProviders.map(
    (one) => html`<p><a class="choice" href="${publicUrl}/login/${one.id}">Sign in to ${one.name}</a></p>`,
  );
  return {
    kind: 'page',
    status: 403,
    title: 'Please begin here',
    body: html`<p>
        This sign-in did not begin in this browser, or it took too long. Begin at the application${links.length > 0 ? ', or here:' : '.'}
      </p>
      ${links}${referenceLine(reference)}`,
  };
}

/** Too many tries from one address: not only this person's, perhaps. */
export function tooManyPage(): Reply {
  return {
    kind: 'page',
    status: 429,
    title: 'Please wait',
    body: html`<p>Too many tries came from your network. Try again in a minute.</p>`,
  };
}

export function signedOutPage(): Reply {
  return { kind: 'page', status: 200, title: 'You are signed out', body: html`<p>You may close this window.</p>` };
}

function referenceLine(reference: string): SafeHtml {
  return html`<p>If it happens again, tell your administrator this number: <code>${reference}</code></p>`;
}
