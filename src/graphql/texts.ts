/** Texts in inputs: how long they may be. They only judge, as ids.ts does. */
import { z } from 'zod';
import { isReturnUrl } from '../domain/return-url.ts';
import { hasControlCharacters } from '../domain/text.ts';

export const oneLine = z.string().refine((text) => !hasControlCharacters(text), 'This must be one line, without control characters.');
/** What something is called: shown in lists, so without blanks around it. */
export const name = z
  .string()
  .min(1, 'Give it a name.')
  .max(200, 'At most 200 characters.')
  .refine((text) => text.trim() === text, 'No blanks at the beginning or the end.');
export const description = z.string().max(2_000, 'At most 2,000 characters.');
/** Parsers pass over line breaks, and headers are sent the text as it stands. */
export const url = oneLine
  .max(2_048, 'At most 2,048 characters.')
  .refine(isReturnUrl, 'This must be an absolute http or https URL without a fragment, user name or password.');
/** Part of a name, for lists. */
export const namePart = z.string().max(200).nullish();
