import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpError, type HttpRequest } from '../../src/connectors/contract/http.ts';
import { createHttpClient } from '../../src/connectors/network/http-client.ts';
import { isInternalAddress } from '../../src/connectors/network/internal-addresses.ts';

const routes: Record<string, (req: IncomingMessage, res: ServerResponse) => void> = {
  '/echo': (req, res) => {
    const pieces: Buffer[] = [];
    req.on('data', (piece: Buffer) => pieces.push(piece));
    req.on('end', () => {
      res.writeHead(201, { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] });
      res.end(JSON.stringify({ method: req.method, key: req.headers['x-key'], body: Buffer.concat(pieces).toString() }));
    });
  },
  '/silent': () => undefined,
  '/large': (_, res) => res.end('x'.repeat(4_000)),
  '/drip': (_, res) => {
    const timer = setInterval(() => res.write('.'), 5);
    res.on('close', () => clearInterval(timer));
  },
  '/stuck': (_, res) => void res.write('half'),
  '/reset': (req) => req.socket.destroy(),
  '/here': (_, res) => res.writeHead(302, { location: '/echo' }).end(),
  '/loop': (_, res) => res.writeHead(307, { location: '/loop' }).end(),
  '/away': (_, res) => res.writeHead(302, { location: 'http://other.example/echo' }).end(),
};
let server: Server;
let origin: string;
const client = createHttpClient({ allowInternalAddresses: true, maxBodyBytes: 2_000, bodyTimeoutMs: 300, headersTimeoutMs: 10_000 });
const guarded = createHttpClient({ allowInternalAddresses: false });

beforeAll(async () => {
  server = createServer((req, res) => routes[req.url ?? '']?.(req, res));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await Promise.all([client.close(), guarded.close()]);
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

function get(url: string, signal: AbortSignal = AbortSignal.timeout(5_000)): HttpRequest {
  return { method: 'GET', url, signal };
}
async function failure(promise: Promise<unknown>): Promise<HttpError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HttpError)) throw new Error('It should have failed with HttpError.', { cause: error });
  return error;
}

describe('an exchange', () => {
  it('carries method, headers and body there, and status, headers and body back', async () => {
    const response = await client.request({ ...get(`${origin}/echo`), method: 'PATCH', headers: { 'x-key': 'k' }, body: 'grüße' });
    expect(response.status).toBe(201);
    expect(response.headers['content-type']).toBe('application/json');
    expect(response.headers['set-cookie']).toBe('a=1, b=2');
    expect(JSON.parse(response.body)).toEqual({ method: 'PATCH', key: 'k', body: 'grüße' });
  });
  it('ends at once when the signal does, and may have applied', async () => {
    const error = await failure(client.request({ ...get(`${origin}/silent`, AbortSignal.timeout(50)), method: 'POST', body: '{}' }));
    expect([error.reason, error.mayHaveApplied]).toEqual(['aborted', true]);
  });
  it('is not even sent with a signal that is aborted already', async () => {
    const error = await failure(client.request(get(`${origin}/echo`, AbortSignal.abort())));
    expect([error.reason, error.mayHaveApplied]).toEqual(['aborted', false]);
  });
  it('refuses an answer that is too large', async () => {
    expect((await failure(client.request(get(`${origin}/large`)))).reason).toBe('too-large');
  });
  it('ends a body that drips when the signal does', async () => {
    expect((await failure(client.request(get(`${origin}/drip`, AbortSignal.timeout(80))))).reason).toBe('aborted');
  });
  it('gives up on a body that stops half way', async () => {
    expect((await failure(client.request(get(`${origin}/stuck`)))).reason).toBe('connection');
  });
  it('may have applied where the connection was reset', async () => {
    const error = await failure(client.request({ ...get(`${origin}/reset`), method: 'POST', body: '{}' }));
    expect([error.reason, error.mayHaveApplied]).toEqual(['connection', true]);
  });
  it('has certainly not applied where the connection was refused', async () => {
    const closed = createTcpServer();
    await new Promise<void>((done) => closed.listen(0, '127.0.0.1', done));
    const { port } = closed.address() as AddressInfo;
    await new Promise((done) => closed.close(done));
    const error = await failure(client.request({ ...get(`http://127.0.0.1:${port}/`), method: 'POST', body: '{}' }));
    expect([error.reason, error.mayHaveApplied]).toEqual(['connection', false]);
  });
  it('is not sent where a header cannot be written, and the error does not tell its value', async () => {
    const unsendable = [
      { authorization: 'Bearer canary\n日本' },
      { 'x-key': 'canary\r\nx-other: 1' },
      { 'x key': '1' },
      { 'x-key': 'canary\0' },
    ];
    for (const headers of unsendable) {
      const error = await failure(client.request({ ...get(`${origin}/echo`), headers }));
      expect([error.reason, error.mayHaveApplied]).toEqual(['unsendable', false]);
      expect(error.message).not.toContain('canary');
    }
  });
  it('has certainly not applied where the host is unknown', async () => {
    const error = await failure(client.request({ ...get('http://nobody.invalid/'), method: 'POST', body: '{}' }));
    expect([error.reason, error.mayHaveApplied]).toEqual(['connection', false]);
  });
});

describe('redirects', () => {
  it('follows a GET within the origin', async () => {
    expect((await client.request(get(`${origin}/here`))).status).toBe(201);
  });
  it('does not follow for ever', async () => {
    expect((await failure(client.request(get(`${origin}/loop`)))).reason).toBe('forbidden');
  });
  it('does not leave the host', async () => {
    expect((await failure(client.request(get(`${origin}/away`)))).reason).toBe('forbidden');
  });
  it('returns the redirect of a write as it came', async () => {
    expect((await client.request({ ...get(`${origin}/here`), method: 'POST', body: '{}' })).status).toBe(302);
  });
});

describe('internal addresses', () => {
  it.each([
    ...['127.0.0.1', '127.8.9.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1'],
    ...['255.255.255.255', '::1', '::', 'fe80::1', 'fe80::1%eth0', 'fd00::1', 'ff02::1', '::ffff:10.0.0.1', '::ffff:7f00:1', '::7f00:1'],
    ...['64:ff9b::a00:1', '[::1]', 'nonsense'],
  ])('%s is one', (address) => expect(isInternalAddress(address)).toBe(true));
  it.each(['93.184.216.34', '2606:2800:220:1::1', '::ffff:93.184.216.34', '64:ff9b::5db8:d822'])('%s is none', (address) =>
    expect(isInternalAddress(address)).toBe(false),
  );
  it.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', 'localhost'])('http://%s is not called', async (host) => {
    const { port } = server.address() as AddressInfo;
    const error = await failure(guarded.request({ ...get(`http://${host}:${port}/echo`), method: 'POST', body: '{}' }));
    expect([error.reason, error.mayHaveApplied]).toEqual(['forbidden', false]);
  });
});
