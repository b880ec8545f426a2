/** What a server says is read with care: names of attributes are compared without regard to case (RFC 7643, 2.1). */
import type { Json } from '../contract/answer.ts';

/** The name under which an object holds an attribute; null where it does not. */
export function keyOf(object: Json, name: string): string | null {
  if (name in object) return name;
  const lower = name.toLowerCase();
  return Object.keys(object).find((key) => key.toLowerCase() === lower) ?? null;
}

export function field(object: Json, name: string): unknown {
  const key = keyOf(object, name);
  return key === null ? undefined : object[key];
}

export function text(object: Json, name: string): string | null {
  const value = field(object, name);
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}
