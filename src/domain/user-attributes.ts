/** Attributes of a user as somebody types them -> attributes as they are kept, or what is wrong with them. */
import { isStorable } from './text.ts';
import type { Attributes, AttributeValue } from './vocabulary.ts';

export const attributeLimits = { attributes: 100, values: 50, bytes: 4096 } as const;
export const attributeTypes = ['string', 'number', 'boolean'] as const;
export type AttributeType = (typeof attributeTypes)[number];

/** One attribute in an input: all values have one type. No values clear it. */
export interface TypedAttribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly values: readonly string[] | null;
}
/** null clears, absent leaves. */
export type AttributePatch = ReadonlyMap<string, readonly AttributeValue[] | null>;
export interface AttributeProblem {
  readonly path: readonly string[];
  readonly message: string;
}
export type ParsedAttributes =
  { readonly kind: 'parsed'; readonly patch: AttributePatch } | { readonly kind: 'faulty'; readonly problems: readonly AttributeProblem[] };

const nameForm = /^[A-Za-z][A-Za-z0-9_.:/-]{0,127}$/;
const encoder = new TextEncoder();

/** Paths begin at the list: ['0', 'values', '3']. */
export function parseAttributes(inputs: readonly TypedAttribute[]): ParsedAttributes {
  if (inputs.length > attributeLimits.attributes)
    return { kind: 'faulty', problems: [{ path: [], message: `At most ${attributeLimits.attributes} attributes.` }] };
  const problems: AttributeProblem[] = [];
  const patch = new Map<string, readonly AttributeValue[] | null>();
  for (const [i, input] of inputs.entries()) {
    const at = String(i);
    if (!nameForm.test(input.name))
      problems.push({ path: [at, 'name'], message: 'A name begins with a letter and has at most 128 letters, digits and _ . : / -' });
    else if (patch.has(input.name)) problems.push({ path: [at, 'name'], message: 'This attribute is named twice.' });
    const values = input.values ?? [];
    if (values.length > attributeLimits.values)
      problems.push({ path: [at, 'values'], message: `At most ${attributeLimits.values} values.` });
    const parsed: AttributeValue[] = [];
    for (const [j, text] of values.slice(0, attributeLimits.values).entries()) {
      const value = parseValue(input.type, text);
      if (value.kind === 'value') parsed.push(value.value);
      else problems.push({ path: [at, 'values', String(j)], message: value.message });
    }
    patch.set(input.name, parsed.length === 0 ? null : parsed);
  }
  return problems.length > 0 ? { kind: 'faulty', problems } : { kind: 'parsed', patch };
}

/** The attributes after the patch; the same object where nothing changes. */
export function patchAttributes(before: Attributes, patch: AttributePatch): Attributes {
  const after = new Map(Object.entries(before));
  for (const [name, values] of patch) {
    if (values === null) after.delete(name);
    else after.set(name, values);
  }
  const changed = [...patch].some(([name, values]) => !sameValues(Object.hasOwn(before, name) ? before[name] : undefined, values));
  return changed ? Object.fromEntries(after) : before;
}

/** An attribute as it is told outside: the type of its first value, for the values of one attribute are of one type. */
export function typeOfValues(values: readonly AttributeValue[]): AttributeType {
  const [first] = values;
  if (typeof first === 'number') return 'number';
  return typeof first === 'boolean' ? 'boolean' : 'string';
}

type ParsedValue = { readonly kind: 'value'; readonly value: AttributeValue } | { readonly kind: 'fault'; readonly message: string };
const fault = (message: string): ParsedValue => ({ kind: 'fault', message });

function parseValue(type: AttributeType, text: string): ParsedValue {
  if (encoder.encode(text).length > attributeLimits.bytes) return fault(`At most ${attributeLimits.bytes} bytes.`);
  if (!isStorable(text)) return fault('This text has a character that cannot be kept.');
  switch (type) {
    case 'string':
      return text === '' ? fault('Leave the value out, or the attribute without values to clear it.') : { kind: 'value', value: text };
    case 'number':
      return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text))
        ? { kind: 'value', value: Number(text) }
        : fault('This is not a number.');
    case 'boolean':
      return text === 'true' || text === 'false' ? { kind: 'value', value: text === 'true' } : fault('Say true or false.');
  }
}

function sameValues(before: readonly AttributeValue[] | undefined, after: readonly AttributeValue[] | null): boolean {
  if (before === undefined || after === null) return before === undefined && after === null;
  return before.length === after.length && before.every((value, i) => value === after[i]);
}
