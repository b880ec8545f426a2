/** A text's fingerprint: fast, so not for what a person could guess. Pure. */
import { createHash } from 'node:crypto';

/** In hexadecimal. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
