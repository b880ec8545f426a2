/** Nothing of section 10.2 is forgotten: every identifier is there, has a case in a table, and stands in the README with its test. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { combiningIds } from '../../src/xacml/combining/algorithms.ts';
import { functionIds, functionOf } from '../../src/xacml/functions/functions.ts';
import { statusUrn } from '../../src/xacml/identifiers.ts';
import { clockAttributes } from '../../src/xacml/pdp.ts';
import { dataTypeOf } from '../../src/xacml/values/data-types.ts';
import { combinedAlgorithms } from './combining-reference.ts';
import { functionCases } from './function-cases.ts';
import {
  deprecatedFunctions,
  mandatoryAlgorithms,
  mandatoryAttributes,
  mandatoryFunctions,
  mandatoryStatuses,
  mandatoryTable,
  mandatoryTypes,
} from './mandatory.ts';
import { valueCases } from './value-cases.ts';

const functions = [...mandatoryFunctions, ...deprecatedFunctions];
const exercised = new Set(functionCases.map(({ id }) => id));

describe('section 10.2', () => {
  test('has no function that is not implemented and exercised by the table', () => {
    expect(new Set(mandatoryFunctions).size).toBe(mandatoryFunctions.length);
    expect(functions.filter((id) => functionOf(id)?.id.split(':').at(-1) !== id.split(':').at(-1))).toEqual([]);
    expect(functions.filter((id) => !exercised.has(id))).toEqual([]);
  });

  test('every function that is implemented is exercised, those beyond the standard included', () => {
    expect(functionIds().filter((id) => !exercised.has(id))).toEqual([]);
  });

  test('every data type is implemented and has values, good ones and bad ones, in the table', () => {
    expect(mandatoryTypes.filter((id) => dataTypeOf(id)?.id !== id)).toEqual([]);
    expect(
      mandatoryTypes.filter(
        (id) => !valueCases.some(({ type, good, bad }) => type === id && good.length > 0 && (bad.length > 0 || id.endsWith('#string'))),
      ),
    ).toEqual([]);
  });

  test.each(['rule', 'policy'] as const)('every combining algorithm of %s is implemented and compared with the reference', (of) => {
    expect([...combiningIds(of)].sort()).toEqual([...mandatoryAlgorithms(of)].sort());
    expect(mandatoryAlgorithms(of).filter((id) => !combinedAlgorithms(of).includes(id))).toEqual([]);
  });

  test('the status codes and the attributes of the clock are those of the standard', () => {
    expect((['missing-attribute', 'ok', 'processing-error', 'syntax-error'] as const).map(statusUrn)).toEqual(mandatoryStatuses);
    expect(Object.values(clockAttributes)).toEqual(mandatoryAttributes);
  });

  test('the README lists each identifier with its test', () => {
    expect(readFileSync('src/xacml/README.md', 'utf8')).toContain(mandatoryTable());
  });
});
