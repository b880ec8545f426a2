/** How passwords are kept, as commands see it; implemented in auth (argon2id). */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes the same time without a hash (nobody by that name, or nobody's password) as with one, and answers false then. */
  verify(hash: string | null, password: string): Promise<boolean>;
}

/** Long passwords cost time to hash; short ones are guessed. Counted in characters. */
export const passwordLength = { least: 12, most: 256 } as const;
