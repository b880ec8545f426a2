/** Reading what Salesforce answers: nothing of it is trusted to be there. */
import { isObject, type Json } from '../contract/answer.ts';

export function text(object: Json | null, name: string): string | null {
  const value = object?.[name];
  return typeof value === 'string' ? value : null;
}

export function inner(object: Json, name: string): Json | null {
  const value = object[name];
  return isObject(value) ? value : null;
}

export function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
