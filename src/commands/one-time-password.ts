/** A password that Usher makes: told once, and changed at the first sign-in. About 120 bits of chance. */
import type { Chance } from './ports.ts';

export const oneTimePassword = (chance: Chance): string => chance.secret().slice(0, 20);
