/** The data types whose values are those of the language: texts, numbers, booleans, and octets kept as their canonical text. */
import { integerBound, limits } from '../limits.ts';
import type { DataType } from './data-type.ts';
import type { Key } from './value.ts';

const xs = 'http://www.w3.org/2001/XMLSchema#';
const same = <T extends Key>(value: T): T => value;

export const string: DataType<string> = {
  id: `${xs}string`,
  name: 'string',
  parse: (text) => (text.length > limits.text ? null : text),
  write: same,
  canonical: same,
  key: same,
};

export const anyUri: DataType<string> = {
  id: `${xs}anyURI`,
  name: 'anyURI',
  // Nearly every text is an anyURI; what no escaping can mend is refused.
  parse: (text) => {
    const collapsed = collapse(text);
    return collapsed.length > limits.text || /[\s<>"]|%(?![\dA-Fa-f]{2})|#.*#/.test(collapsed) ? null : collapsed;
  },
  write: same,
  canonical: same,
  key: same,
};

export const boolean: DataType<boolean> = {
  id: `${xs}boolean`,
  name: 'boolean',
  parse: (text) => {
    const word = collapse(text);
    if (word === 'true' || word === '1') return true;
    return word === 'false' || word === '0' ? false : null;
  },
  write: String,
  canonical: String,
  key: same,
};

export const integer: DataType<bigint> = {
  id: `${xs}integer`,
  name: 'integer',
  parse: (text) => {
    const digits = collapse(text);
    if (digits.length > 2 * limits.digits || !/^[+-]?\d+$/.test(digits)) return null;
    const value = BigInt(digits.replace(/^\+/, ''));
    return isWithinBound(value) ? value : null;
  },
  write: String,
  canonical: String,
  key: same,
};

export function isWithinBound(value: bigint): boolean {
  return value < integerBound && value > -integerBound;
}

export const double: DataType<number> = {
  id: `${xs}double`,
  name: 'double',
  parse: (text) => {
    const word = collapse(text);
    if (word === 'INF') return Infinity;
    if (word === '-INF') return -Infinity;
    if (word === 'NaN') return NaN;
    return word.length <= limits.text && /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(word) ? Number(word) : null;
  },
  write: writeDouble,
  canonical: writeDouble,
  // As values of XML Schema: NaN equals itself, though it is in no order, and 0 and -0 are the same number.
  key: (value) => (Number.isNaN(value) ? 'NaN' : value),
};

/** One digit before the point, at least one after it, and always an exponent: the canonical form of XML Schema. */
function writeDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF';
  if (Object.is(value, -0)) return '-0.0E0';
  const [mantissa = '0', exponent = '+0'] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${exponent.replace('+', '')}`;
}

export const hexBinary: DataType<string> = {
  id: `${xs}hexBinary`,
  name: 'hexBinary',
  parse: (text) => {
    const digits = collapse(text);
    return digits.length <= limits.text && /^([\dA-Fa-f]{2})*$/.test(digits) ? digits.toUpperCase() : null;
  },
  write: same,
  canonical: same,
  key: same,
};

export const base64Binary: DataType<string> = {
  id: `${xs}base64Binary`,
  name: 'base64Binary',
  parse: (text) => {
    const digits = text.replace(/[ \t\r\n]/g, '');
    // The bits that padding leaves over must be zero, or two texts would be the same octets.
    const last = /^[A-Za-z\d+/]*([AEIMQUYcgkosw048]=|[AQgw]==)?$/;
    return digits.length <= limits.text && digits.length % 4 === 0 && last.test(digits) ? digits : null;
  },
  write: same,
  canonical: same,
  key: same,
};

/** White space of XML at the ends does not count, and inside it is one space. */
export function collapse(text: string): string {
  return text.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '');
}
