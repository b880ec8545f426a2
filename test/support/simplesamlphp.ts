/**
 * SimpleSAMLphp as an identity provider: an implementation that shares no code with ours. Needs Debian's simplesamlphp, php-cli and php-xml;
 * `simpleSamlPhpIsHere` says whether they are there. Its folder is made anew for each start and removed with it.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeOwnCertificate } from '../../src/auth/own-certificate.ts';
import type { Browser, Page } from './browser.ts';

const installed = '/usr/share/simplesamlphp';
export const simpleSamlPhpIsHere = existsSync(`${installed}/www`) && existsSync('/usr/bin/php');
export const whySimpleSamlPhpIsMissing = 'SimpleSAMLphp is not installed: apt-get install simplesamlphp php-cli php-xml';

export interface TrustedServiceProvider {
  /** Address of its metadata, as Usher names it. */
  readonly entityId: string;
  readonly acs: string;
  readonly logout: string;
  readonly certificate: string;
  readonly sign: 'response' | 'assertion' | 'both';
  readonly encrypt: boolean;
  readonly requireSignedRequests: boolean;
}

export interface SimpleSamlPhp {
  readonly entityId: string;
  readonly entryPoint: string;
  readonly logoutUrl: string;
  readonly certificate: string;
  /** Replaces the service providers it knows; read at its next request. */
  trust(...serviceProviders: readonly TrustedServiceProvider[]): Promise<void>;
  /** From a service provider's start address to where the sign-in leads, through the login form. People: alice, bob; password: their name. */
  signIn(browser: Browser, startUrl: string, user: 'alice' | 'bob'): Promise<Page>;
  close(): Promise<void>;
}

export async function startSimpleSamlPhp(): Promise<SimpleSamlPhp> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-simplesamlphp-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const entityId = `${url}/saml2/idp/metadata.php`;
  const keys = await makeOwnCertificate('SimpleSAMLphp', new Date());
  for (const name of ['cert', 'metadata', 'log', 'data', 'tmp', 'sessions']) await mkdir(join(folder, name));
  const write = (name: string, php: string): Promise<void> => writeFile(join(folder, name), `<?php\n${php}\n`);
  await writeFile(join(folder, 'cert', 'idp.pem'), keys.privateKey);
  await writeFile(join(folder, 'cert', 'idp.crt'), keys.certificate);
  await write('config.php', configPhp(folder, url));
  await write('authsources.php', authSourcesPhp);
  await write('acl.php', '$config = [];');
  await write('metadata/saml20-idp-hosted.php', hostedPhp(entityId));
  await write('metadata/saml20-sp-remote.php', '');

  const php = spawn('/usr/bin/php', ['-d', `session.save_path=${folder}/sessions`, '-S', `127.0.0.1:${port}`, '-t', `${installed}/www`], {
    env: { PATH: '/usr/bin:/bin', SIMPLESAMLPHP_CONFIG_DIR: folder, PHP_CLI_SERVER_WORKERS: '3' },
    stdio: 'ignore',
    // Its workers are children of their own: the group ends as a whole.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => php.once('exit', () => resolve()));
  const close = async (): Promise<void> => {
    if (php.pid !== undefined && php.exitCode === null) {
      process.kill(-php.pid, 'SIGKILL');
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilItAnswers(entityId);
  } catch (error) {
    await close();
    throw error;
  }

  return {
    entityId,
    entryPoint: `${url}/saml2/idp/SSOService.php`,
    logoutUrl: `${url}/saml2/idp/SingleLogoutService.php`,
    certificate: keys.certificate,
    trust: (...serviceProviders) => write('metadata/saml20-sp-remote.php', serviceProviders.map(remotePhp).join('\n')),
    signIn: async (browser, startUrl, user) => {
      const form = await browser.signIn(startUrl);
      return browser.signInFrom(await browser.submit(form, { username: user, password: user }));
    },
    close,
  };
}

const text = (value: string): string => `'${value.replace(/[\\']/g, '\\$&')}'`;

function configPhp(folder: string, url: string): string {
  return `require '/etc/simplesamlphp/config.php';
$config = array_merge($config, [
  'baseurlpath' => ${text(`${url}/`)}, 'certdir' => ${text(`${folder}/cert/`)}, 'metadatadir' => ${text(`${folder}/metadata/`)},
  'loggingdir' => ${text(`${folder}/log/`)}, 'datadir' => ${text(`${folder}/data/`)}, 'tempdir' => ${text(`${folder}/tmp`)},
  'logging.handler' => 'file', 'statistics.out' => [], 'metadata.sources' => [['type' => 'flatfile']],
  'enable.saml20-idp' => true, 'session.cookie.secure' => false, 'session.phpsession.savepath' => null, 'store.type' => 'phpsession',
  'secretsalt' => 'a salt for tests alone', 'auth.adminpassword' => 'not used here', 'technicalcontact_email' => 'na@example.org',
  'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true],
]);`;
}

const authSourcesPhp = `$config = ['people' => ['exampleauth:UserPass',
  'alice:alice' => ['uid' => ['alice-0001'], 'mail' => ['alice@example.test'], 'givenName' => ['Alice'], 'groups' => ['staff', 'design']],
  'bob:bob' => ['uid' => ['bob-0002'], 'mail' => ['bob@example.test'], 'givenName' => ['Bob & "Bobby" <b>'], 'groups' => ['staff']],
]];`;

/** A persistent NameID out of uid: by default it would be a transient one. */
function hostedPhp(entityId: string): string {
  return `$metadata[${text(entityId)}] = ['host' => '__DEFAULT__', 'privatekey' => 'idp.pem', 'certificate' => 'idp.crt', 'auth' => 'people',
  'authproc' => [3 => ['class' => 'saml:AttributeNameID', 'attribute' => 'uid', 'Format' => 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent']],
  'NameIDFormat' => 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'];`;
}

function remotePhp(provider: TrustedServiceProvider): string {
  const certificate = provider.certificate.replace(/-----[^-]+-----|\s/g, '');
  return `$metadata[${text(provider.entityId)}] = ['AssertionConsumerService' => ${text(provider.acs)}, 'SingleLogoutService' => ${text(provider.logout)},
  'NameIDFormat' => 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent', 'certData' => ${text(certificate)},
  'saml20.sign.response' => ${String(provider.sign !== 'assertion')}, 'saml20.sign.assertion' => ${String(provider.sign !== 'response')},
  'assertion.encryption' => ${String(provider.encrypt)}, 'validate.authnrequest' => ${String(provider.requireSignedRequests)}, 'redirect.validate' => ${String(provider.requireSignedRequests)}];`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilItAnswers(url: string, deadlineMs = 15_000): Promise<void> {
  const until = performance.now() + deadlineMs;
  for (;;) {
    const answer = await fetch(url).catch((error: unknown) => (error instanceof Error ? error.message : 'no answer'));
    if (typeof answer !== 'string' && answer.ok) return;
    if (performance.now() > until) {
      throw new Error(
        `SimpleSAMLphp does not answer at ${url}: ${typeof answer === 'string' ? answer : `${answer.status} ${(await answer.text()).slice(0, 2_000)}`}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
