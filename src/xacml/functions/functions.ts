/** Every function there is, by identifier, those that XACML plans to drop included. */
import { arithmeticFunctions } from './arithmetic.ts';
import { bagFunctions } from './bags.ts';
import { calendarFunctions } from './calendar.ts';
import { comparisonFunctions } from './comparison.ts';
import type { FunctionDefinition } from './definition.ts';
import { equalityFunctions } from './equality.ts';
import { higherOrderFunctions } from './higher-order.ts';
import { logicalFunctions } from './logical.ts';
import { matchingFunctions } from './matching.ts';
import { setFunctions } from './sets.ts';
import { textFunctions } from './text.ts';

const current: readonly FunctionDefinition[] = [
  ...equalityFunctions,
  ...arithmeticFunctions,
  ...logicalFunctions,
  ...comparisonFunctions,
  ...calendarFunctions,
  ...textFunctions,
  ...bagFunctions,
  ...setFunctions,
  ...matchingFunctions,
  ...higherOrderFunctions,
];

/** 3.0 gave these new identifiers and kept what they do, or do with the operands that the old ones took. */
const formerly1 =
  /:3\.0:function:((dayTimeDuration|yearMonthDuration)-(?!from-string).*|(dateTime|date)-(add|subtract)-.*|any-of|all-of|any-of-any|map)$/;

const byId = new Map<string, FunctionDefinition>(
  current.flatMap((definition) => {
    const known = [[definition.id, definition] as const];
    if (!formerly1.test(definition.id)) return known;
    return [...known, [definition.id.replace(':3.0:', ':1.0:'), definition] as const];
  }),
);

export function functionOf(id: string): FunctionDefinition | null {
  return byId.get(id) ?? null;
}

/** Why there is none. */
export function unknownFunction(id: string): string {
  return /:function:(xpath-node-|access-permitted)/.test(id)
    ? `The function "${id}" is not supported: XPath and delegation are out.`
    : `There is no function "${id}".`;
}

export function functionIds(): readonly string[] {
  return [...byId.keys()];
}
