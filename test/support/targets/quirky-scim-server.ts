/**
 * A SCIM server as real ones are: each quirk is one that somebody's server shows. Plain HTTP and a Map, so that nothing in it is
 * better than it says. A server without quirks supports PATCH with plain paths, filters by equality, and has all of discovery.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createQuirkyGroups, type GroupQuirks } from './quirky-scim-groups.ts';
import { answer, refuse, type Reply } from './quirky-scim-reply.ts';

export interface Quirks extends GroupQuirks {
  /** The status that GET /ServiceProviderConfig answers instead of one. 200: a page in HTML, as single-page applications do. */
  readonly discovery?: 200 | 404 | 500;
  readonly patchSupported?: boolean;
  /** What PATCH answers where there is none. */
  readonly patch?: 404 | 405 | 501;
  /** ignored: everybody, whatever is asked for. only-user-name: 200 and nothing for other attributes. A number: the status. */
  readonly filter?: 'ignored' | 'only-user-name' | 'case-sensitive' | 400 | 404 | 500 | 501;
  readonly filterSupported?: boolean;
  /** Pages are never larger than this, and totalResults is the size of the page. */
  readonly pageSize?: number;
  readonly ignoresPaging?: boolean;
  /** Two names that differ in case are two people. */
  readonly caseSensitiveNames?: boolean;
  readonly conflict?: 'without-scim-type' | '400-uniqueness';
  readonly missing?: 500;
  /** The id is the user's name. */
  readonly idIsUserName?: boolean;
  /** An answer to create has no body, only a Location. */
  readonly createAnswersLocation?: boolean;
  readonly changesAnswer204?: boolean;
  readonly deleteAnswersBody?: boolean;
  readonly contentType?: 'application/json';
  /** Refuses a body of any other type with 415. */
  readonly acceptsOnly?: 'application/json';
  /** PATCH refuses to remove what is not there. */
  readonly strictRemove?: boolean;
  /** PUT keeps the lists that it does not mention. */
  readonly putKeepsLists?: boolean;
  readonly etags?: boolean;
  /** Somebody changes the account right after its first reading. */
  readonly changedAfterRead?: boolean;
  /** Says yes to active: false and does nothing. */
  readonly neverDeactivates?: boolean;
}

type User = Record<string, any>;

export interface QuirkyScimServer {
  readonly url: string;
  readonly users: Map<string, User>;
  readonly groups: Omit<ReturnType<typeof createQuirkyGroups>, 'handle'>;
  readonly requests: { readonly method: string; readonly path: string; readonly query: string; readonly body: any }[];
  put(user: User): string;
  close(): Promise<void>;
}

export async function startQuirkyScimServer(quirks: Quirks = {}): Promise<QuirkyScimServer> {
  const users = new Map<string, User>();
  let changesToCome = quirks.changedAfterRead ? 1 : 0;
  const requests: QuirkyScimServer['requests'] = [];
  const same = (a: string, b: string): boolean => (quirks.caseSensitiveNames ? a === b : a.toLowerCase() === b.toLowerCase());
  const taken = (name: string, except?: string): boolean =>
    [...users.values()].some((user) => user['id'] !== except && same(user['userName'], name));
  const put = (user: User): string => {
    const id = user['id'] ?? (quirks.idIsUserName ? user['userName'] : randomUUID());
    users.set(id, { ...user, id, meta: { resourceType: 'User', version: `W/"${randomUUID()}"` } });
    return id;
  };

  const groups = createQuirkyGroups(
    quirks,
    (id) => users.has(id),
    (url, resources) => list(url, resources),
  );

  const conflict = (): Reply =>
    quirks.conflict === '400-uniqueness'
      ? refuse(400, 'uniqueness')
      : refuse(409, quirks.conflict === undefined ? 'uniqueness' : undefined);

  function handle(req: IncomingMessage, body: any): Reply {
    const url = new URL(req.url ?? '/', 'http://localhost');
    requests.push({ method: req.method ?? '', path: url.pathname, query: decodeURIComponent(url.search), body });

    if (body !== null && quirks.acceptsOnly && req.headers['content-type'] !== quirks.acceptsOnly) return refuse(415);
    if (url.pathname === '/ServiceProviderConfig') {
      if (quirks.discovery === 200) return { status: 200, html: '<html>' };
      if (quirks.discovery) return refuse(quirks.discovery);
      return answer(200, {
        patch: { supported: quirks.patchSupported ?? true },
        filter: { supported: quirks.filterSupported ?? true, maxResults: 100 },
        etag: { supported: quirks.etags ?? false },
      });
    }
    if (/^\/Groups(\/|$)/.test(url.pathname)) {
      const [, groupId] = /^\/Groups\/(.+)$/.exec(url.pathname) ?? [];
      return groups.handle(req, groupId === undefined ? url : decodeURIComponent(groupId), body);
    }
    if (!url.pathname.startsWith('/Users')) return refuse(404);
    if (url.pathname === '/Users' && req.method === 'GET') return list(url, [...users.values()]);
    if (url.pathname === '/Users' && req.method === 'POST') {
      if (taken(body.userName)) return conflict();
      const id = put(body);
      const location = `http://localhost/Users/${encodeURIComponent(id)}`;
      return quirks.createAnswersLocation ? answer(201, undefined, { location }) : answer(201, users.get(id));
    }
    const id = decodeURIComponent(url.pathname.slice('/Users/'.length));
    const user = users.get(id);
    if (req.method === 'PATCH' && quirks.patch) return refuse(quirks.patch);
    if (!user) return refuse(req.method !== 'GET' && quirks.missing ? quirks.missing : 404);
    const done = (): Reply => (quirks.changesAnswer204 ? answer(204) : answer(200, users.get(id)));
    switch (req.method ?? '') {
      case 'GET':
        if (changesToCome-- > 0) put({ ...user, nickName: 'changed meanwhile' });
        return answer(200, user);
      case 'DELETE':
        users.delete(id);
        return quirks.deleteAnswersBody ? answer(200, [user]) : answer(204);
      case 'PUT': {
        if (quirks.etags && req.headers['if-match'] !== user['meta'].version) return refuse(412);
        if (taken(body.userName, id)) return conflict();
        const lists = Object.fromEntries(Object.entries(user).filter(([name, value]) => Array.isArray(value) && name !== 'schemas'));
        put({ ...(quirks.putKeepsLists ? lists : {}), ...body, id });
        return done();
      }
      case 'PATCH':
        if (body.Operations.some((one: any) => one.path === 'userName' && taken(one.value, id))) return conflict();
        return patch(user, body.Operations) ? done() : refuse(400, 'noTarget');
      default:
        return refuse(405);
    }
  }

  function list(url: URL, resources: readonly User[]): Reply {
    const filter = url.searchParams.get('filter');
    const [, path, value] = /^(\S+) eq (".*")$/.exec(filter ?? '') ?? [];
    const wanted: string | null = value === undefined ? null : JSON.parse(value);
    let matching = resources;
    if (filter !== null && typeof quirks.filter === 'number') return refuse(quirks.filter);
    if (path !== undefined && quirks.filter !== 'ignored') {
      matching = matching.filter((user) => {
        if (quirks.filter === 'only-user-name' && path !== 'userName') return false;
        if (path === 'emails.value') return (user['emails'] ?? []).some((email: any) => email.value === wanted);
        if ((path !== 'userName' && path !== 'displayName') || quirks.filter === 'case-sensitive') return user[path] === wanted;
        return String(user[path]).toLowerCase() === wanted?.toLowerCase();
      });
    }
    const start = quirks.ignoresPaging ? 0 : Number(url.searchParams.get('startIndex') ?? 1) - 1;
    const count = quirks.ignoresPaging ? Infinity : Math.min(Number(url.searchParams.get('count') ?? 100), quirks.pageSize ?? Infinity);
    const page = matching.slice(start, start + count);
    // Empty, some leave Resources out.
    return answer(200, { totalResults: quirks.pageSize ? page.length : matching.length, ...(page.length > 0 ? { Resources: page } : {}) });
  }

  /** Whole paths only: a partial complex value replaces the whole of it, as on some servers. */
  function patch(user: User, operations: readonly { op: string; path: string; value?: unknown }[]): boolean {
    const changed = structuredClone(user);
    for (const { op, path, value } of operations) {
      const [parent, leaf] = placeOf(path);
      const holder: User = parent === null ? changed : (changed[parent] ??= {});
      if (op === 'remove' && quirks.strictRemove && holder[leaf] === undefined) return false;
      if (op === 'remove') Reflect.deleteProperty(holder, leaf);
      else if (path !== 'active' || value !== false || !quirks.neverDeactivates) holder[leaf] = value;
    }
    put(changed);
    return true;
  }

  const server = createServer((req, res) => {
    const pieces: Buffer[] = [];
    req.on('data', (piece: Buffer) => pieces.push(piece));
    req.on('end', () => write(res, handle(req, pieces.length > 0 ? JSON.parse(Buffer.concat(pieces).toString()) : null)));
  });
  function write(res: ServerResponse, { status, json, html, headers }: Reply): void {
    const type = html === undefined ? (quirks.contentType ?? 'application/scim+json') : 'text/html';
    const body = html ?? (json === undefined ? undefined : JSON.stringify(json));
    res.writeHead(status, { ...(body === undefined ? {} : { 'content-type': type }), ...headers }).end(body);
  }
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    users,
    groups,
    requests,
    put,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** The complex attribute and the attribute in it. */
function placeOf(path: string): readonly [string | null, string] {
  const [, extension, inside] = /^(urn:.*:User):(\w+)$/.exec(path) ?? [];
  if (extension !== undefined && inside !== undefined) return [extension, inside];
  const [parent, leaf] = path.split('.');
  return leaf === undefined ? [null, path] : [parent ?? null, leaf];
}
