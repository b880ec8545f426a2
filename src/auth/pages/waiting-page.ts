/** A held login: how far each target is. It goes on by itself, without a script. */
import type { HeldTarget } from '../../commands/login-outcome.ts';
import type { Reply } from '../step.ts';
import { html } from './html.ts';

const words: Record<HeldTarget['state'], string> = { ready: 'ready', working: 'being prepared…', failed: 'delayed' };

/** `address` is the page itself: each visit asks again, and the one that finds the door open walks through it. */
export function waitingPage(targets: readonly HeldTarget[], address: string): Reply {
  const items = targets.map((target) => html`<li>${target.name}: ${words[target.state]}</li>`);
  return {
    kind: 'page',
    status: 200,
    title: 'Preparing your accounts',
    body: html`<p>You are signed in. Your accounts are being prepared; this page goes on by itself.</p>
      <ul>
        ${items}
      </ul>
      <p><a href="${address}">Look again</a></p>`,
    options: { refreshSeconds: 2 },
  };
}
