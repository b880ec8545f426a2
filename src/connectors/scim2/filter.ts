import { placeOf, sameText } from './attributes.ts';
import type { Account } from '../contract/connector.ts';

/** An equality filter (RFC 7644, 3.4.2.2). Its strings are JSON strings, so JSON does the escaping. */
export function equals(attribute: string, value: string): string {
  const path = placeOf(attribute)?.kind === 'values' ? `${attribute}.value` : attribute;
  return `${path} eq ${JSON.stringify(value)}`;
}

/** Whether the account really has this value: servers that ignore a filter, or take it for a pattern, answer with others. */
export function holds(account: Account, attribute: string, value: string): boolean {
  const held = account.attributes[attribute];
  const values = Array.isArray(held) ? held : [held];
  return values.some((one) => typeof one === 'string' && sameText(attribute, one, value));
}

/** Characters that have to be escaped in a filter, which some servers cannot read. */
export function isAwkward(value: string): boolean {
  return JSON.stringify(value) !== `"${value}"`;
}
