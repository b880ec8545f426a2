/**
 * A small SCIM server that watches itself: how many requests ran at once, and whether two ever concerned one person at the same time.
 * It answers slowly on purpose, and knows only what a provisioning client asks: filter by userName, create, change, read.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface MeteredServer {
  readonly url: string;
  readonly token: string;
  /** By user name: accounts made. More than one is a doubled account. */
  readonly created: ReadonlyMap<string, number>;
  /** User names with two requests at the same time. */
  readonly overlaps: ReadonlySet<string>;
  /** Most requests at the same time, in all. */
  readonly most: number;
  readonly requests: number;
  titleOf(userName: string): unknown;
  resetMost(): void;
  close(): Promise<void>;
}

type Account = Record<string, unknown> & { readonly id: string; readonly userName: string };

export async function startMeteredServer(latencyMs: number): Promise<MeteredServer> {
  const accounts = new Map<string, Account>();
  const created = new Map<string, number>();
  const overlaps = new Set<string>();
  const busy = new Map<string, number>();
  let [now, most, requests] = [0, 0, 0];

  const answer = (req: IncomingMessage, body: Record<string, unknown>, res: ServerResponse): void => {
    const url = new URL(req.url ?? '', 'http://metered');
    const id = /\/Users\/([^/]+)$/.exec(url.pathname)?.[1];
    const filtered = /^userName eq "(.*)"$/.exec(url.searchParams.get('filter') ?? '')?.[1];
    const known = id === undefined ? undefined : accounts.get(id);
    const send = (status: number, value: unknown): void => {
      res.writeHead(status, { 'content-type': 'application/scim+json' }).end(JSON.stringify(value));
    };
    if (req.method === 'POST') {
      const account: Account = { ...body, id: randomUUID(), userName: String(body['userName']) };
      accounts.set(account.id, account);
      created.set(account.userName, (created.get(account.userName) ?? 0) + 1);
      send(201, account);
    } else if (known && req.method === 'PUT') {
      accounts.set(known.id, { ...body, id: known.id, userName: known.userName });
      send(200, accounts.get(known.id));
    } else if (known) send(200, known);
    else if (id !== undefined) send(404, { status: '404', schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'] });
    else {
      const found = [...accounts.values()].filter((account) => account.userName === filtered);
      send(200, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
        totalResults: found.length,
        startIndex: 1,
        itemsPerPage: found.length,
        Resources: found,
      });
    }
  };

  const nameOf = (req: IncomingMessage, body: Record<string, unknown>): string => {
    const id = /\/Users\/([^/?]+)/.exec(req.url ?? '')?.[1];
    const filter = new URL(req.url ?? '', 'http://metered').searchParams.get('filter');
    return accounts.get(id ?? '')?.userName ?? /"(.*)"/.exec(filter ?? '')?.[1] ?? String(body['userName']);
  };

  const server = createServer((req, res) => {
    let text = '';
    req.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    req.on('end', () => {
      // It adapts to what a server says of itself: this one cannot patch, and filters.
      if (req.url?.includes('/ServiceProviderConfig')) {
        const no = { supported: false };
        res.writeHead(200, { 'content-type': 'application/scim+json' });
        res.end(
          JSON.stringify({ patch: no, bulk: no, filter: { supported: true, maxResults: 100 }, changePassword: no, sort: no, etag: no }),
        );
        return;
      }
      const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      const name = nameOf(req, body);
      requests++;
      most = Math.max(most, ++now);
      if (busy.has(name)) overlaps.add(name);
      busy.set(name, (busy.get(name) ?? 0) + 1);
      setTimeout(() => {
        now--;
        const left = (busy.get(name) ?? 1) - 1;
        if (left === 0) busy.delete(name);
        else busy.set(name, left);
        answer(req, body, res);
      }, latencyMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/v2`,
    token: 'metered-token',
    created,
    overlaps,
    get most() {
      return most;
    },
    get requests() {
      return requests;
    },
    titleOf: (userName) => [...accounts.values()].find((account) => account.userName === userName)?.['title'],
    resetMost: () => {
      most = now;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
