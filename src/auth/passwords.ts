/** How passwords are kept and compared: argon2id, as RFC 9106 and OWASP advise. It knows nobody's name and locks nobody out: see strategies/password.ts. */
import { hash, verify } from '@node-rs/argon2';
import type { Passwords } from '../commands/passwords.ts';

/** Argon2id, 19 MiB, 2 passes, 1 lane: OWASP's minimum for interactive sign-in, and what the decoy below is made with. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Longer input is refused before it costs anything. */
const longestInput = 1_024;

export function hashPassword(password: string): Promise<string> {
  if (Buffer.byteLength(password) > longestInput) throw new Error('A password of this length must have been refused before.');
  return hash(password, cost);
}

/** False for a null hash, after the same work: whoever measures the time learns nothing about which names exist. */
export async function verifyPassword(hashed: string | null, password: string): Promise<boolean> {
  const input = Buffer.byteLength(password) > longestInput ? '' : password;
  const right = await verify(hashed ?? decoy, input);
  return right && hashed !== null && input === password;
}

export const passwords: Passwords = { hash: hashPassword, verify: verifyPassword };

/** The hash of a random password that nobody kept. */
const decoy = '$argon2id$v=19$m=19456,t=2,p=1$8JCNx0dFm9YYOdI//ON6LQ$ZkMH9FPLkTTvb7CNIfTI+cR7lBF9wE3R4jncJ2fxW6w';
