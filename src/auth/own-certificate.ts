/** Keys of our own, one for each identity provider: its requests are signed with it and assertions are encrypted to it. */
import type { Certificates, Clock } from '../commands/ports.ts';

export interface OwnCertificate {
  /** PEM, self-signed: identity providers compare the key and look at no chain. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly privateKey: string;
}

/** Twenty years: an identity provider that minds the date would stop all sign-ins on a day nobody remembers. */
const lifetimeYears = 20;

export async function makeOwnCertificate(commonName: string, now: Date): Promise<OwnCertificate> {
  // Loaded here and not at start: 100 ms that only the first configuration of an identity provider needs.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 3_072 };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(now.getUTCFullYear() + lifetimeYears);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex'),
      // As a value of its own kind, or quotes in it would be parsed; X.520 allows 64 characters.
      name: new x509.Name([{ CN: [{ utf8String: commonName.slice(0, 64) }] }]),
      // An hour back, so that a peer whose clock is slow does not find it in the future.
      notBefore: new Date(now.getTime() - 3_600_000),
      notAfter,
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
      ],
    },
    crypto,
  );
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const lines = pkcs8.match(/.{1,64}/g) ?? [];
  return {
    certificate: certificate.toString('pem'),
    privateKey: ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n'),
  };
}

export function createCertificates(clock: Clock): Certificates {
  return { make: (commonName) => makeOwnCertificate(commonName, clock.now()) };
}
