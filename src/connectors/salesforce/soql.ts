/** The text of queries. Values are escaped here and nowhere else. */

/** A string of SOQL. In a comparison by `=` the signs % and _ stand for themselves, so only quotes, backslashes and control characters matter. */
export function quoted(value: string): string {
  return `'${value.replace(/[\\'"]/g, '\\$&').replace(/[\n\r\t\b\f]/g, (sign) => controls[sign] ?? '')}'`;
}

const controls: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f' };

export function anyOf(field: string, values: readonly string[]): string {
  const [only] = values;
  return values.length === 1 && only !== undefined ? `${field} = ${quoted(only)}` : `${field} IN (${values.map(quoted).join(', ')})`;
}

const idPattern = /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/;

/** Whether a text may be an id of this kind of record: the first three characters name it. */
export function isId(value: string, prefix: string): boolean {
  return value.startsWith(prefix) && idPattern.test(value);
}

/**
 * The long form of an id, which stays the same id where case is lost. The last three characters say which of the first fifteen are
 * capital letters, so whatever stands there is made anew.
 */
export function longId(id: string): string {
  if (!idPattern.test(id)) return id;
  const short = id.slice(0, 15);
  const sums = [0, 5, 10].map((from) =>
    Array.from(short.slice(from, from + 5)).reduce((sum, sign, place) => sum + (/[A-Z]/.test(sign) ? 2 ** place : 0), 0),
  );
  return short + sums.map((sum) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'[sum] ?? '').join('');
}

export function sameId(a: string, b: string): boolean {
  return longId(a) === longId(b);
}
