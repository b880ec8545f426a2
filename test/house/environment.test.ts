import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { EnvironmentError, readEnvironment, readEnvironmentOfRouter, variables } from '../../src/config/environment.ts';

const folder = mkdtempSync(join(tmpdir(), 'usher-env-'));
afterAll(() => rmSync(folder, { recursive: true }));

const example = readFileSync('.env.example', 'utf8');
const source = readFileSync('src/config/environment.ts', 'utf8');

it('names in .env.example every variable that is read, in order, and no other', () => {
  const named = [...example.matchAll(/^#?([A-Z_]+)=/gm)].map((match) => match[1]);
  expect(named).toEqual(Object.keys(variables));
});

it('explains every variable in .env.example with the words of the source', () => {
  for (const name of Object.keys(variables)) {
    const words = new RegExp(`/\\*\\* ([^*]+) \\*/\\n  ${name}:`).exec(source)?.[1];
    expect(words, `${name} has a doc comment`).toBeDefined();
    expect(example).toContain(`# ${words}\n#${name}=`);
  }
});

it('accepts every value of .env.example', () => {
  const given = Object.fromEntries([...example.matchAll(/^#([A-Z_]+)=(.*)$/gm)].map((match) => [match[1], match[2]]));
  expect(readEnvironment(given)).toMatchObject({ port: 4000, roles: ['web', 'worker'], secretKeys: [{ id: '2026a' }], trustProxy: 1 });
});

it('needs no setting at all', () => {
  const environment = readEnvironment({ USHER_DATA_DIR: 'memory://' });
  expect(environment).toMatchObject({
    port: 4000,
    publicUrl: 'http://localhost:4000',
    databaseUrl: null,
    roles: ['web', 'worker'],
    production: false,
  });
  expect(environment.sessionSecret.length).toBeGreaterThanOrEqual(32);
});

it('says everything that is wrong at once, and never the values', () => {
  const wrong = {
    USHER_PORT: '70000',
    USHER_ROLES: 'web,cook',
    USHER_PUBLIC_URL: 'ftp://usher',
    DATABASE_URL: 'mysql://hunter2',
    USHER_SECRET_KEYS: 'a:hunter2',
    USHER_LOG_LEVEL: 'loud',
    USHER_SESION_SECRET: 'hunter2',
    USHER_TRUST_PROXY: 'hunter2',
  };
  const refused = (): unknown => readEnvironment(wrong);
  expect(refused).toThrow(EnvironmentError);
  let message = '';
  try {
    refused();
  } catch (error) {
    message = (error as Error).message;
  }
  for (const name of Object.keys(wrong)) expect(message).toContain(`  ${name}: `);
  expect(message).not.toContain('hunter2');
});

it.each([
  ['2', 2],
  ['loopback, 10.0.0.0/8,2001:db8::/32', 'loopback, 10.0.0.0/8,2001:db8::/32'],
])('takes %s for proxies', (given, understood) => {
  expect(readEnvironment({ USHER_DATA_DIR: 'memory://', USHER_TRUST_PROXY: given }).trustProxy).toBe(understood);
});

it.each(['true', '10.0.0.0/40', '10.0.0.0/8/8', 'proxy.example.com', ','])('does not take %s for proxies', (given) => {
  expect(() => readEnvironment({ USHER_DATA_DIR: 'memory://', USHER_TRUST_PROXY: given })).toThrow(/USHER_TRUST_PROXY: must be/);
});

it.each(['https://ann:secret@usher.example.com', 'https://usher.example.com/?a', 'https://usher.example.com/#a'])(
  'refuses %s as a public URL',
  (given) => {
    expect(() => readEnvironment({ USHER_DATA_DIR: 'memory://', USHER_PUBLIC_URL: given })).toThrow(/USHER_PUBLIC_URL: must have no/);
  },
);

it('refuses a public URL with a path where Usher listens by itself, and not where it is mounted', () => {
  const given = { USHER_DATA_DIR: 'memory://', USHER_PUBLIC_URL: 'https://example.com/door' };
  expect(() => readEnvironment(given)).toThrow(/USHER_PUBLIC_URL: must have no path/);
  expect(readEnvironmentOfRouter(given).publicUrl).toBe('https://example.com/door');
  expect(readEnvironment({ ...given, USHER_PUBLIC_URL: 'https://example.com/' }).publicUrl).toBe('https://example.com');
});

it('wants a public URL where the port is chosen by chance', () => {
  const given = { USHER_DATA_DIR: 'memory://', USHER_PORT: '0' };
  expect(() => readEnvironment(given)).toThrow(/USHER_PUBLIC_URL: needed where USHER_PORT is 0/);
  expect(readEnvironment({ ...given, USHER_PUBLIC_URL: 'https://example.com' }).port).toBe(0);
});

it('wants secrets from outside in production with a database server, for every process must have the same', () => {
  const production = { NODE_ENV: 'production', DATABASE_URL: 'postgres://localhost/usher', USHER_DATA_DIR: folder };
  expect(() => readEnvironment(production)).toThrow(/USHER_SESSION_SECRET: needed[^]*USHER_SECRET_KEYS: needed/);
});

it('makes secrets of its own once and keeps them where only we can read', () => {
  const first = readEnvironment({ USHER_DATA_DIR: join(folder, 'data') });
  const second = readEnvironment({ USHER_DATA_DIR: join(folder, 'data') });
  expect(second.sessionSecret).toBe(first.sessionSecret);
  expect(second.secretKeys).toEqual(first.secretKeys);
  expect(statSync(join(folder, 'data', 'secrets.json')).mode & 0o777).toBe(0o600);
});

it('opens with all keys and seals with the first', () => {
  const key = (fill: number): string => Buffer.alloc(32, fill).toString('base64');
  const { secretKeys } = readEnvironment({ USHER_DATA_DIR: 'memory://', USHER_SECRET_KEYS: `new:${key(1)}, old:${key(2)}` });
  expect(secretKeys.map((known) => known.id)).toEqual(['new', 'old']);
  expect(() => readEnvironment({ USHER_SECRET_KEYS: `a:${key(1)},a:${key(2)}` })).toThrow('key id "a" occurs twice');
});
