/**
 * Secrets at rest: AES-256-GCM as `v1.keyId.base64url(nonce, tag, text)`, bound to table, column, row and name, so that a value copied
 * elsewhere does not open. Several keys at once: the first seals, all open, so that keys can turn.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SecretKey } from '../config/own-secrets.ts';

/** Where a sealed value lives. */
export interface SealedPlace {
  readonly table: string;
  readonly column: string;
  readonly id: string;
  readonly name: string;
}

export interface Sealer {
  seal(place: SealedPlace, text: string): string;
  /** Throws where the key is unknown, the value was altered or it belongs elsewhere; the message holds nothing of it. */
  open(place: SealedPlace, sealed: string): string;
  /** Sealed with the first key. */
  isFresh(sealed: string): boolean;
}

const nonceLength = 12;
const tagLength = 16;

export function createSealer(keys: readonly SecretKey[]): Sealer {
  const [first] = keys;
  if (!first) throw new Error('There is no key to seal secrets with.');
  return {
    seal: (place, text) => {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv('aes-256-gcm', first.key, nonce).setAAD(boundTo(place));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `v1.${first.id}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    open: (place, sealed) => {
      const [version, keyId, encoded] = sealed.split('.');
      const key = keys.find((known) => known.id === keyId);
      if (version !== 'v1' || encoded === undefined || !key)
        throw new Error(`A secret of ${place.table} ${place.id} was sealed with a key that USHER_SECRET_KEYS does not hold.`);
      const bytes = Buffer.from(encoded, 'base64url');
      const opened = createDecipheriv('aes-256-gcm', key.key, bytes.subarray(0, nonceLength), { authTagLength: tagLength })
        .setAAD(boundTo(place))
        .setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength));
      try {
        return Buffer.concat([opened.update(bytes.subarray(nonceLength + tagLength)), opened.final()]).toString('utf8');
      } catch (error) {
        throw new Error(`A secret of ${place.table} ${place.id} cannot be opened: it was altered or moved.`, { cause: error });
      }
    },
    isFresh: (sealed) => sealed.startsWith(`v1.${first.id}.`),
  };
}

function boundTo(place: SealedPlace): Buffer {
  return Buffer.from(JSON.stringify([place.table, place.column, place.id, place.name]));
}
