/** Every data type there is, by identifier. xpathExpression is not among them: XPath is out. */
import type { DataType } from './data-type.ts';
import { dayTimeDuration, yearMonthDuration } from './duration.ts';
import { date, dateTime, time } from './moment.ts';
import { dnsName, ipAddress } from './network.ts';
import { anyUri, base64Binary, boolean, double, hexBinary, integer, string } from './plain.ts';
import { rfc822Name } from './rfc822-name.ts';
import { x500Name } from './x500-name.ts';

/** Those of which values can be told to be equal: they have sets, and `is-in`. */
export const equatableTypes: readonly DataType[] = [
  string,
  boolean,
  integer,
  double,
  time,
  date,
  dateTime,
  dayTimeDuration,
  yearMonthDuration,
  anyUri,
  x500Name,
  rfc822Name,
  hexBinary,
  base64Binary,
];
export const dataTypes: readonly DataType[] = [...equatableTypes, ipAddress, dnsName];

/** Durations by the names that XACML 1.0 and 2.0 had for them. */
const formerly = 'http://www.w3.org/TR/2002/WD-xquery-operators-20020816#';
const byId = new Map<string, DataType>([
  ...dataTypes.map((type) => [type.id, type] as const),
  [`${formerly}dayTimeDuration`, dayTimeDuration],
  [`${formerly}yearMonthDuration`, yearMonthDuration],
  ['urn:oasis:names:tc:xacml:2.0:data-type:dayTimeDuration', dayTimeDuration],
  ['urn:oasis:names:tc:xacml:2.0:data-type:yearMonthDuration', yearMonthDuration],
]);

export const xpathExpressionId = 'urn:oasis:names:tc:xacml:3.0:data-type:xpathExpression';

export function dataTypeOf(id: string): DataType | null {
  return byId.get(id) ?? null;
}

/** Why there is none. */
export function unknownDataType(id: string): string {
  return id === xpathExpressionId ? 'XPath is not supported: there are no values of xpathExpression.' : `There is no data type "${id}".`;
}
