import { X509Certificate, createPrivateKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makeOwnCertificate } from '../../src/auth/own-certificate.ts';
import { hashPassword, verifyPassword } from '../../src/auth/passwords.ts';
import { cpuMs } from '../support/cpu.ts';

describe('passwords', () => {
  test('the right password is told from a wrong one', async () => {
    const hash = await hashPassword('correct horse battery');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword(hash, 'correct horse battery')).toBe(true);
    expect(await verifyPassword(hash, 'correct horse batterz')).toBe(false);
  });

  test('nobody’s password is never right', async () => {
    expect(await verifyPassword(null, '')).toBe(false);
    expect(await verifyPassword(null, 'x'.repeat(100_000))).toBe(false);
  });

  test('a name that does not exist costs about as much as one that does', async () => {
    const hash = await hashPassword('correct horse battery');
    const known = await leastOf(() => verifyPassword(hash, 'wrong wrong wrong'));
    const unknown = await leastOf(() => verifyPassword(null, 'wrong wrong wrong'));
    expect(unknown / known).toBeGreaterThan(0.4);
    expect(unknown / known).toBeLessThan(2.5);
  });
});

describe('our own certificate', () => {
  test('carries our name, fits its key and is valid for years', async () => {
    const now = new Date('2026-05-01T12:00:00Z');
    const own = await makeOwnCertificate('usher: Example "IdP", Inc.', now);
    const certificate = new X509Certificate(own.certificate);
    expect(certificate.subject).toContain('usher: Example');
    expect(certificate.checkPrivateKey(createPrivateKey(own.privateKey))).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBeGreaterThanOrEqual(2_048);
    expect(certificate.validFromDate < now).toBe(true);
    expect(certificate.validToDate.getUTCFullYear()).toBe(2046);
  });
});

/** Of several runs the one in which the process did least beside it. */
async function leastOf(work: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < 5; i++) least = Math.min(least, await cpuMs(work));
  return least;
}
