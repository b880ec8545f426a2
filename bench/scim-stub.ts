/** The fastest SCIM server there can be: it remembers nothing but counts, so that the engine is measured and not its target. */
import { createServer } from 'node:http';

const token = 'stub';
const counts = { GET: 0, POST: 0, PATCH: 0, loop: 0 };
/** When the last write came, for measuring how soon work begins. */
let lastWriteAt = 0;
let made = 0;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const path = request.url ?? '';
    const json = (status: number, body: unknown): void => {
      const text = JSON.stringify(body);
      response.writeHead(status, { 'content-type': 'application/scim+json', 'content-length': Buffer.byteLength(text) }).end(text);
    };
    if (path === '/__counts') {
      json(200, { ...counts, lastWriteAt });
      return;
    }
    if (path === '/loop') {
      counts.loop++;
      json(200, { id: '1' });
      return;
    }
    const method = request.method ?? 'GET';
    if (method in counts) counts[method as 'GET'] += 1;
    if (path.includes('/ServiceProviderConfig'))
      json(200, { patch: { supported: true }, filter: { supported: true, maxResults: 100 }, bulk: { supported: false } });
    else if (method === 'GET')
      json(200, { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'], totalResults: 0, Resources: [] });
    else {
      lastWriteAt = Date.now();
      const given = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      const id = method === 'POST' ? `stub-${++made}` : decodeURIComponent(path.split('/').at(-1) ?? '');
      json(method === 'POST' ? 201 : 200, {
        ...(method === 'POST' ? given : {}),
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        id,
        userName: given['userName'] ?? id,
        active: true,
      });
    }
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(JSON.stringify({ url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`, token }));
});
