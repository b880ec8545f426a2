/** What the Directory API answers, before it has been read. */
import { isObject, type Json } from '../contract/answer.ts';

/** null where it is no text, and where it is an empty one: Google clears some fields with an empty text. */
export function text(object: Json, name: string): string | null {
  const value = object[name];
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;
}

/** The objects of a list. Google leaves an empty list out. */
export function entries(object: Json, name: string): readonly Json[] {
  const value = object[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function texts(object: Json, name: string): readonly string[] {
  const value = object[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

export function parseObject(body: string): Json | null {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
