/** A web server on a free port over whatever house a test brings, and a GraphQL client for it. */
import { createServer } from 'node:http';
import { Router } from 'express';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { pino } from 'pino';
import { createWeb, type Web, type WebDeps, type WebSettings } from '../../src/http/create-web.ts';

export interface RunningWeb {
  readonly url: string;
  readonly web: Web;
  close(): Promise<void>;
}
export type WebParts = Pick<WebDeps, 'house' | 'bus' | 'passwords' | 'query'> &
  Partial<Omit<WebDeps, 'settings'>> & { readonly settings?: Partial<WebSettings> };

export async function runWeb(parts: WebParts): Promise<RunningWeb> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const web = createWeb({
    logger: pino({ level: 'silent' }),
    loginRoutes: async () => Router(),
    notReady: async () => [],
    metrics: null,
    ...parts,
    settings: {
      publicUrl: url,
      sessionSecrets: ['a secret of tests, long enough'],
      introspection: true,
      trustProxy: false,
      ...parts.settings,
    },
  });
  server.on('request', web.app);
  web.attach(server);
  return {
    url,
    web,
    async close() {
      await web.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export interface Answer<R> {
  readonly status: number;
  readonly data?: R | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Record<string, any>;
  }[];
  readonly headers: Headers;
  /** Cookies to send back, of the ones that were set. */
  readonly cookie: string;
}
export type Headed = Readonly<Record<string, string>>;

export async function ask<R = any, V = Record<string, unknown>>(
  url: string,
  document: TypedDocumentNode<R, V> | string,
  variables?: V,
  headers: Headed = {},
): Promise<Answer<R>> {
  const query = typeof document === 'string' ? document : print(document);
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const cookie = response.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  return { status: response.status, headers: response.headers, cookie, ...((await response.json()) as object) };
}

export const bearer = (token: string): Headed => ({ authorization: `Bearer ${token}` });
