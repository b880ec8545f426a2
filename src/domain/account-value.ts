/** Values of people become values of accounts, by the type of the account attribute. */
import type { AccountType } from './mapping-row.ts';
import type { AccountValue, AttributeValue } from './vocabulary.ts';

/** null: there is no value of this type among them. */
export function convert(type: AccountType, values: readonly AttributeValue[]): AccountValue {
  const first = values[0];
  if (first === undefined) return null;
  switch (type) {
    case 'strings':
      return values.map(String);
    case 'string':
      return String(first);
    case 'boolean':
      return typeof first === 'boolean' ? first : /^(true|1|yes)$/i.test(String(first));
    case 'integer': {
      // Number('') is 0 and Number(true) is 1: neither is a number that somebody wrote.
      const number = typeof first === 'number' || /^\s*[+-]?\d+\s*$/.test(String(first)) ? Number(first) : Number.NaN;
      return Number.isSafeInteger(number) ? number : null;
    }
  }
}

/** An empty list is no value: targets tell one for the other. */
export function sameValue(a: AccountValue, b: AccountValue): boolean {
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b);
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((value, i) => value === b[i]);
  return a === b;
}

/** As a target may say that it has no value: some tell an empty text. */
export function isEmpty(value: AccountValue | undefined): boolean {
  return value === undefined || value === '' || isNothing(value);
}

function isNothing(value: AccountValue): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}
