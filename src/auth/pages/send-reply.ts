/** Writes what a path ended with. Every page is small, whole without a script, and closed to everything that is not its own. */
import { createHash } from 'node:crypto';
import type { Response } from 'express';
import type { PageOptions, Reply } from '../step.ts';
import { html, SafeHtml } from './html.ts';

export function sendReply(res: Response, reply: Reply): void {
  if (reply.kind === 'sent') return;
  // What a person sees here is theirs alone and true only now.
  res.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
  switch (reply.kind) {
    case 'redirect':
      // 303: the browser asks anew with GET, and a posted assertion or password does not travel on.
      res.status(303).set('Referrer-Policy', 'no-referrer').location(reply.location).end();
      return;
    case 'json':
      res.status(reply.status).json(reply.value);
      return;
    case 'document':
      res.status(200).type(reply.type).send(reply.text);
      return;
    case 'page':
      res.status(reply.status).set(pageHeaders(reply.options)).type('html').send(pageOf(reply).text);
  }
}

function pageHeaders(options: PageOptions = {}): Record<string, string> {
  const formAction = ["'self'", ...(options.formOrigins ?? [])].join(' ');
  return {
    'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`,
    'X-Frame-Options': 'DENY',
    // Not no-referrer: browsers would then send "Origin: null" with our own forms, and we could not tell them from others'.
    'Referrer-Policy': 'same-origin',
  };
}

const style =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:26rem;margin:10vh auto;padding:0 1rem;color:#1c2430}h1{font-size:1.4rem}' +
  'a.choice,button{display:block;box-sizing:border-box;width:100%;margin:.6rem 0;padding:.6rem 1rem;border:1px solid #8a94a6;border-radius:.4rem;' +
  'background:#fff;color:inherit;font:inherit;text-align:center;text-decoration:none;cursor:pointer}label{display:block;margin:.6rem 0}' +
  'input{display:block;box-sizing:border-box;width:100%;padding:.5rem;font:inherit}.problem{color:#a3161a}li{margin:.3rem 0}code{font-size:1.1rem}';
const styleHash = createHash('sha256').update(style).digest('base64');

function pageOf(page: Extract<Reply, { kind: 'page' }>): SafeHtml {
  const refresh = page.options?.refreshSeconds;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="robots" content="noindex" />
        ${refresh === undefined ? '' : html`<meta http-equiv="refresh" content="${refresh}" />`}
        <title>${page.title}</title>
        ${new SafeHtml(`<style>${style}</style>`)}
      </head>
      <body>
        <main>
          <h1>${page.title}</h1>
          ${page.body}
        </main>
      </body>
    </html>`;
}
