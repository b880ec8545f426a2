/** Encrypts and authenticates what a browser carries for us. It knows no cookie's meaning: see login-cookies.ts. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

export interface CookieSealer {
  /** `name` is authenticated with the content: one cookie's content does not pass as another's. */
  seal(name: string, content: unknown): string;
  /** The content as it was sealed, or undefined for anything else. */
  open(name: string, sealed: string): unknown;
}

const ivBytes = 12;
const tagBytes = 16;

/** The first secret seals, all of them open: so that secrets can turn. */
export function createCookieSealer(secrets: readonly string[]): CookieSealer {
  const keys = secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', 'usher sealed cookie v1', 32)));
  const [first] = keys;
  if (!first) throw new Error('At least one secret is needed to seal cookies.');
  return {
    seal(name, content) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', first, iv).setAAD(Buffer.from(name));
      const sealed = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(name, sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length <= ivBytes + tagBytes) return undefined;
      for (const key of keys) {
        const content = decrypt(key, name, bytes);
        if (content !== undefined) return content;
      }
      return undefined;
    },
  };
}

function decrypt(key: Buffer, name: string, bytes: Buffer): unknown {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(name)).setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
  try {
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8'));
  } catch {
    // Tampered with, or sealed with a key that is gone: the browser has nothing for us.
    return undefined;
  }
}
