import { randomBytes } from 'node:crypto';

/**
 * The password an account begins with, because Google makes none without. 256 random bits, of every class of characters that a
 * domain may ask for, within Google's 8 to 100 characters. Nobody knows it: people sign in by single sign-on or have it reset.
 */
export function firstPassword(): string {
  return `aA1-${randomBytes(32).toString('base64url')}`;
}
