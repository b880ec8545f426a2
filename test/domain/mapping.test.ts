import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { difference, mapAccount, sameValue, type AccountAttributeSpec, type MappingSource } from '../../src/domain/mapping.ts';
import { withoutCleared } from '../../src/connectors/contract/without-cleared.ts';
import type { AccountAttributes, AccountValue, AttributeValue, UserId } from '../../src/domain/vocabulary.ts';

const user = { id: 'u-1' as UserId, userName: 'ada', attributes: {} };
const x: MappingSource = { kind: 'attribute', name: 'x' };
function spec(type: AccountAttributeSpec['type'], more: Partial<AccountAttributeSpec> = {}): AccountAttributeSpec {
  return { name: 'a', description: 'a', type, required: false, mutable: 'always', matchable: false, defaultMapping: x, ...more };
}
function mapOne(given: AccountAttributeSpec, values: readonly AttributeValue[]): AccountValue | undefined {
  const mapped = mapAccount([given], { ...user, attributes: values.length > 0 ? { x: values } : {} });
  return mapped.kind === 'mapped' ? mapped.attributes[given.name] : undefined;
}

describe('a value of the user becomes a value of the account', () => {
  const cases: readonly { name: string; type: AccountAttributeSpec['type']; values: readonly AttributeValue[]; value: AccountValue }[] = [
    { name: 'a text stays a text', type: 'string', values: ['Ada'], value: 'Ada' },
    { name: 'the first of several texts counts', type: 'string', values: ['Ada', 'Augusta'], value: 'Ada' },
    { name: 'a number becomes a text', type: 'string', values: [7], value: '7' },
    { name: 'all of several texts are kept in order', type: 'strings', values: ['b', 'a', 3], value: ['b', 'a', '3'] },
    { name: 'true stays true', type: 'boolean', values: [true], value: true },
    { name: 'false stays false', type: 'boolean', values: [false], value: false },
    { name: 'a text may say true', type: 'boolean', values: ['TRUE'], value: true },
    { name: 'a text may say yes', type: 'boolean', values: ['yes'], value: true },
    { name: 'the number one means true', type: 'boolean', values: [1], value: true },
    { name: 'any other text means false', type: 'boolean', values: ['trueish'], value: false },
    { name: 'a whole number stays one', type: 'integer', values: [42], value: 42 },
    { name: 'a text may be a whole number', type: 'integer', values: [' -42 '], value: -42 },
    { name: 'half a number is none', type: 'integer', values: [1.5], value: null },
    { name: 'an empty text is no number', type: 'integer', values: [''], value: null },
    { name: 'true is no number', type: 'integer', values: [true], value: null },
    { name: 'a text in another notation is no number', type: 'integer', values: ['0x10'], value: null },
    { name: 'a number that would lose digits is none', type: 'integer', values: ['90071992547409931'], value: null },
  ];
  test.each(cases)('$name', ({ type, values, value }) => {
    expect(mapOne(spec(type), values)).toEqual(value);
  });

  test.each(['string', 'strings', 'boolean', 'integer'] as const)('no value clears (%s)', (type) => {
    expect(mapOne(spec(type), [])).toBeNull();
  });
});

describe('an account attribute comes', () => {
  const sources: readonly { name: string; source: MappingSource; value: AccountValue }[] = [
    { name: "from the user's id", source: { kind: 'user-id' }, value: 'u-1' },
    { name: "from the user's name", source: { kind: 'user-name' }, value: 'ada' },
    { name: 'from a constant', source: { kind: 'constant', value: 'Employee' }, value: 'Employee' },
    { name: 'from the fallback where the attribute is absent', source: { ...x, fallback: { kind: 'user-name' } }, value: 'ada' },
    {
      name: 'from the fallback of the fallback',
      source: { ...x, fallback: { kind: 'attribute', name: 'y', fallback: { kind: 'constant', value: 'z' } } },
      value: 'z',
    },
  ];
  test.each(sources)('$name', ({ source, value }) => {
    expect(mapOne(spec('string', { defaultMapping: source }), [])).toBe(value);
  });

  test('from the attribute rather than from its fallback', () => {
    expect(mapOne(spec('string', { defaultMapping: { ...x, fallback: { kind: 'user-name' } } }), ['Ada'])).toBe('Ada');
  });

  test('from nowhere: Usher leaves it alone', () => {
    expect(mapAccount([spec('string', { defaultMapping: null })], user)).toEqual({ kind: 'mapped', attributes: {} });
  });
});

test('a required attribute without a value is named', () => {
  const specs = [spec('string', { name: 'first' }), spec('string', { name: 'needed', required: true })];
  expect(mapAccount(specs, user)).toEqual({ kind: 'missing', attribute: 'needed' });
});

test('a required number that is none is named', () => {
  expect(mapAccount([spec('integer', { required: true })], { ...user, attributes: { x: ['many'] } })).toEqual({
    kind: 'missing',
    attribute: 'a',
  });
});

describe('an update sends', () => {
  const cases: readonly { name: string; wanted: AccountAttributes; applied: AccountAttributes; sent: AccountAttributes }[] = [
    { name: 'nothing where nothing differs', wanted: { a: '1' }, applied: { a: '1' }, sent: {} },
    { name: 'what changed', wanted: { a: '2' }, applied: { a: '1' }, sent: { a: '2' } },
    { name: 'what is new', wanted: { a: '1' }, applied: {}, sent: { a: '1' } },
    { name: 'null for what is to be cleared', wanted: { a: null }, applied: { a: '1' }, sent: { a: null } },
    { name: 'nothing to clear what was never there', wanted: { a: null }, applied: {}, sent: {} },
    { name: 'nothing for what Usher leaves alone', wanted: {}, applied: { a: 'set by somebody there' }, sent: {} },
    { name: 'false, which is a value', wanted: { a: false }, applied: {}, sent: { a: false } },
    {
      name: 'a list whose order changed: its first is the primary one',
      wanted: { a: ['1', '2'] },
      applied: { a: ['2', '1'] },
      sent: { a: ['1', '2'] },
    },
    { name: 'nothing for an equal list', wanted: { a: ['1', '2'] }, applied: { a: ['1', '2'] }, sent: {} },
    { name: 'a list that became shorter', wanted: { a: ['1'] }, applied: { a: ['1', '2'] }, sent: { a: ['1'] } },
    { name: 'a value of another type', wanted: { a: 1 }, applied: { a: '1' }, sent: { a: 1 } },
  ];
  test.each(cases)('$name', ({ wanted, applied, sent }) => {
    expect(difference([spec('string')], wanted, applied)).toEqual(sent);
  });

  test('nothing for what can be given at creation only', () => {
    expect(difference([spec('string', { mutable: 'create-only' })], { a: '2' }, { a: '1' })).toEqual({});
  });

  test('nothing that the connector does not declare', () => {
    expect(difference([], { a: '2' }, { a: '1' })).toEqual({});
  });
});

test('a new account is not told to clear anything', () => {
  expect(withoutCleared({ a: null, b: '1', c: false, d: [] })).toEqual({ b: '1', c: false, d: [] });
});

describe('whatever the user has', () => {
  const names = ['one', 'two', 'three', 'four'];
  const anySpecs = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      description: fc.constant(''),
      type: fc.constantFrom<AccountAttributeSpec['type']>('string', 'strings', 'boolean', 'integer'),
      required: fc.boolean(),
      mutable: fc.constantFrom<AccountAttributeSpec['mutable']>('always', 'create-only'),
      matchable: fc.boolean(),
      defaultMapping: fc.option(
        fc.oneof(
          fc.constantFrom<MappingSource>({ kind: 'user-id' }, { kind: 'user-name' }, { kind: 'constant', value: 'c' }),
          fc.constantFrom(...names).map((name): MappingSource => ({ kind: 'attribute', name })),
        ),
      ),
    }),
    { selector: (each) => each.name, maxLength: 4 },
  );
  const anyValue = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.double({ noNaN: true }));
  const anyUser = fc
    .dictionary(fc.constantFrom(...names), fc.array(anyValue, { minLength: 1, maxLength: 3 }))
    .map((attributes) => ({ ...user, attributes }));

  test('an account that was just made right differs in nothing', () => {
    fc.assert(
      fc.property(anySpecs, anyUser, (specs, person) => {
        const [once, twice] = [mapAccount(specs, person), mapAccount(specs, person)];
        if (once.kind === 'mapped' && twice.kind === 'mapped') expect(difference(specs, once.attributes, twice.attributes)).toEqual({});
      }),
    );
  });

  test('an account that was made without what was to be cleared differs in nothing either', () => {
    fc.assert(
      fc.property(anySpecs, anyUser, (specs, person) => {
        const mapped = mapAccount(specs, person);
        if (mapped.kind === 'mapped') expect(difference(specs, mapped.attributes, withoutCleared(mapped.attributes))).toEqual({});
      }),
    );
  });

  test('one update is enough: applying the difference leaves none', () => {
    fc.assert(
      fc.property(anySpecs, anyUser, anyUser, (specs, before, after) => {
        const [had, wanted] = [mapAccount(specs, before), mapAccount(specs, after)];
        if (had.kind !== 'mapped' || wanted.kind !== 'mapped') return;
        const applied = { ...had.attributes, ...difference(specs, wanted.attributes, had.attributes) };
        expect(difference(specs, wanted.attributes, applied)).toEqual({});
      }),
    );
  });

  test('every mapped value has the declared type', () => {
    fc.assert(
      fc.property(anySpecs, anyUser, (specs, person) => {
        const mapped = mapAccount(specs, person);
        if (mapped.kind !== 'mapped') return;
        for (const each of specs) {
          const value = mapped.attributes[each.name];
          if (value === null || value === undefined) continue;
          const type = Array.isArray(value) ? 'strings' : typeof value === 'number' ? 'integer' : typeof value;
          expect(type).toBe(each.type);
        }
      }),
    );
  });

  test('sameness is symmetric', () => {
    const anyAccountValue = fc.oneof(
      fc.constantFrom<AccountValue>(null, true, 1, '1'),
      fc.array(fc.constantFrom('1', '2'), { maxLength: 2 }),
    );
    fc.assert(fc.property(anyAccountValue, anyAccountValue, (a, b) => sameValue(a, b) === sameValue(b, a)));
  });
});
