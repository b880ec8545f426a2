/** Texts in inputs: how long they may be. They only judge, as ids.ts does. */
import { z } from 'zod';
import { isReturnUrl } from '../domain/return-url.ts';
import { hasControlCharacters, problemWithName } from '../domain/text.ts';

export const oneLine = z.string().refine((text) => !hasControlCharacters(text), 'This must be one line, without control characters.');
/** What somebody or something is called. */
export const nameUpTo = (most: number): z.ZodString =>
  z.string().superRefine((text, context) => {
    const message = problemWithName(text, most);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });
export const name = nameUpTo(200);
export const description = z.string().max(2_000, 'At most 2,000 characters.');
/** Parsers pass over line breaks, and headers are sent the text as it stands. */
export const url = oneLine
  .max(2_048, 'At most 2,048 characters.')
  .refine(isReturnUrl, 'This must be an absolute http or https URL without a fragment, user name or password.');
/** Part of a name, for lists. */
export const namePart = z.string().max(200).nullish();
