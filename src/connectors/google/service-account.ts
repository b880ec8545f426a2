import { createPrivateKey } from 'node:crypto';
import { parseObject, text } from './json.ts';
import { privateKeyOf } from './pkcs12.ts';

/** The key as the form has it. */
export type KeySettings =
  | { readonly format: 'json'; readonly text: string }
  | { readonly format: 'pkcs12'; readonly base64: string; readonly password: string; readonly email: string };

/** Who Usher is for Google. It lives in the memory of the connection and nowhere else. */
export interface ServiceAccount {
  readonly email: string;
  /** PEM. */
  readonly key: string;
  /** What an administrator enters for domain-wide delegation; the JSON key tells it. */
  readonly clientId: string | null;
}
export type ReadKey =
  | { readonly kind: 'read'; readonly account: ServiceAccount }
  | { readonly kind: 'unusable'; readonly field: string; readonly message: string };

export async function readKey(settings: KeySettings): Promise<ReadKey> {
  if (settings.format === 'json') return fromJson(settings.text);
  const key = await privateKeyOf(settings.base64, settings.password);
  if (key === null || !isRsa(key)) return unusable('pkcs12', 'The PKCS#12 key cannot be read: the file or its password is not right.');
  return { kind: 'read', account: { email: settings.email, key, clientId: null } };
}

function fromJson(given: string): ReadKey {
  const field = 'serviceAccountKey';
  const file = parseObject(given);
  if (!file) return unusable(field, 'The service account key is not the JSON text that Google gave.');
  if (file['type'] !== 'service_account')
    return unusable(field, 'The JSON is not the key of a service account: its "type" is another one.');
  const [email, key] = [text(file, 'client_email'), text(file, 'private_key')];
  if (email === null || key === null) return unusable(field, 'The service account key lacks "client_email" or "private_key".');
  if (!isRsa(key)) return unusable(field, 'The "private_key" of the service account key cannot be read.');
  return { kind: 'read', account: { email, key, clientId: text(file, 'client_id') } };
}

function isRsa(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    // Whatever is wrong with it, it is no key.
    return false;
  }
}

function unusable(field: string, message: string): ReadKey {
  return { kind: 'unusable', field, message };
}
