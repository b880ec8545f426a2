import { beforeEach, describe, expect, test, vi } from 'vitest';
import { documentOf, type MappingDocument } from '../../src/domain/mapping/document.ts';
import { evaluateExpression, expressionFault } from '../../src/domain/mapping/expression.ts';
import type { AttributeValue, UserId } from '../../src/domain/vocabulary.ts';
import { cpuMs } from '../support/cpu.ts';

const secret = 'very-private-value';
const attributes: Record<string, readonly AttributeValue[]> = {
  title: ['Dr'],
  mail: ['ann@x.org', 'a@y.org'],
  number: [7],
  private: [secret],
  long: ['a'.repeat(4_000)],
};
let document: MappingDocument;
beforeEach(() => {
  const around = { groups: ['staff', 'engineers'], roles: ['R1'], userStore: 'PRIMARY', tenant: 'acme', identityProvider: 'Google' };
  document = documentOf({ id: 'u1' as UserId, userName: 'Ann', active: true, attributes }, around);
});

describe('an expression gives', () => {
  test.each<[string, readonly AttributeValue[]]>([
    ['user.attributes.title & " " & user.userName', ['Dr Ann']],
    ['user.attributes.mail', ['ann@x.org', 'a@y.org']],
    ['user.attributes.mail[0]', ['ann@x.org']],
    ['$pad($string(user.attributes.number), -5, "0")', ['00007']],
    ['$pad("ab", 5, "xy")', ['abxyx']],
    ['"staff" in groups ? "Employee" : "Guest"', ['Employee']],
    ['roles[0] & "@" & tenant & "/" & userStore & "/" & identityProvider', ['R1@acme/PRIMARY/Google']],
    ['$replace(user.userName, /n+/, "m")', ['Am']],
    ['$match("a1b22", /[a-z](\\d+)/).groups', ['1', '22']],
    ['$split("a, b;c", /[,;]\\s*/)', ['a', 'b', 'c']],
    ['groups[$contains($, /^ENG/i)]', ['engineers']],
    ['user.active', [true]],
    ['user.attributes.number * 6', [42]],
    ['user.attributes.nothing', []],
    ['null', []],
    ['""', []],
    ['[1, null, "x"]', [1, 'x']],
  ])('%s', async (text, values) => {
    expect(expressionFault(text)).toBeNull();
    expect(await evaluateExpression(text, document)).toEqual({ kind: 'values', values });
  });
});

describe('refused when it is saved', () => {
  test.each([
    ['(', 'character 1'],
    ['', 'Write an expression'],
    ['$now()', '$now'],
    ['$millis()', '$millis'],
    ['[1].$random()', '$random'],
    ['groups ~> $shuffle', '$shuffle'],
    ['$map(["1"], $eval)', '$eval'],
    ['$toMillis("x", "[Y][Y][Y]")', '$toMillis'],
    ['user ~> |attributes|{"x": 1}|', 'transform'],
    ['$match(user.userName, /(?=a)b/)', 'look-around'],
    ['$match(user.userName, /(a)\\1/)', 'back references'],
    ['$match(user.userName, /((a{90}){90}){90}/)', 'too large'],
    ['"x" & "' + 'x'.repeat(4_000) + '"', 'at most 4000'],
    ['('.repeat(3_900), 'compile'],
  ])('%s', (text, message) => {
    expect(expressionFault(text)).toContain(message);
  });
});

describe('ends quickly and clearly:', () => {
  test.each([
    ['recursion without end', '($f := function($x) { 1 + $f($x) }; $f(1))'],
    ['tail recursion without end', '($f := function($x) { $f($x + 1) }; $f(1))'],
    ['a range of ten million', '[1..10000000]'],
    ['a range of a hundred thousand', '$count([1..100000])'],
    ['ranges in ranges', '[1..200].([1..200].([1..200].$))'],
    ['padding to a thousand million', '$pad("x", 1000000000)'],
    ['padding to infinity', '$pad("x", 1e308)'],
    ['a text that doubles', '$reduce([1..60], function($a, $b) { $a & $a }, "xxxxxxxx")'],
    ['a list that doubles', '$reduce([1..60], function($a, $b) { $append($a, $a) }, [1, 2])'],
    ['a tree that doubles, as a text', '$string($reduce([1..60], function($a, $b) { [[$a], [$a]] }, ["x"]))'],
    ['an object that doubles', '$string($reduce([1..60], function($a, $b) { {"a": $a, "b": $a} }, {}))'],
    ['a long text in place of every letter of it', '$replace(user.attributes.long, "a", user.attributes.long)'],
    ['a long text between long texts', '$join([1..3000].$$.user.attributes.long, user.attributes.long)'],
    ['all matches of everything', '$match(user.attributes.long, /a/)'],
    ['a sort of more than there is time for', '$sort([1..3900], function($a, $b) { $a < $b })'],
    ['products of lists', 'user.attributes.long ~> $split("") ~> $map(function($a) { $split($$.user.attributes.long, "") })'],
    ['roman numbers', '$formatInteger(1000000000, "I")'],
  ])('%s', async (_, text) => {
    expect(expressionFault(text)).toBeNull();
    const tooMuch = { kind: 'fault', message: 'It takes too many steps, goes too deep or makes too much.' };
    const cost = await cpuMs(async () => expect(await evaluateExpression(text, document)).toEqual(tooMuch));
    expect(cost).toBeLessThan(1_000);
  });

  test.each([
    ['/^(a+)+$b/', '$match(user.attributes.long, /^(a+)+b/)'],
    ['/(a|aa)+b/', '$contains(user.attributes.long, /(a|aa)+b/)'],
    ['/.*.*.*.*=/', '$contains(user.attributes.long, /.*.*.*.*=/)'],
  ])('a regular expression that would backtrack: %s', async (_, text) => {
    const cost = await cpuMs(async () => expect((await evaluateExpression(text, document)).kind).toBe('values'));
    expect(cost).toBeLessThan(1_000);
  });

  test('many expressions for one user share what they may use', async () => {
    const texts = Array.from({ length: 200 }, (_, i) => `$sum($map([1..900], function($x) { $x + ${i} }))`);
    const results = [];
    for (const text of texts) results.push(await evaluateExpression(text, document));
    expect(results[0]!.kind).toBe('values');
    expect(results.at(-1)!.kind).toBe('fault');
  });
});

describe('reaches nothing of the host:', () => {
  test.each([
    'user.constructor',
    'user.__proto__',
    'user.attributes.toString',
    '"a".constructor',
    '$lookup(user, "constructor")',
    '$lookup(user, "__proto__")',
    '$.process',
    'process.env',
    '{"__proto__": {"polluted": 1}}.polluted',
  ])('%s has no value', async (text) => {
    expect(await evaluateExpression(text, document)).toEqual({ kind: 'values', values: [] });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
  test.each(['$string.constructor("return process")()', '$process()', '$require("fs")', '$merge', 'function($x) { $x }', 'user', '[[1]]'])(
    '%s is refused',
    async (text) => {
      expect((await evaluateExpression(text, document)).kind).toBe('fault');
    },
  );
});

test('says nothing of the user where it fails', async () => {
  const failing = [
    '$error(user.attributes.private)',
    '$number(user.attributes.private)',
    '$assert(false, user.attributes.private)',
    '$sum(user.attributes.private)',
    'user.attributes.private()',
  ];
  for (const text of failing) {
    const result = await evaluateExpression(text, document);
    expect(result.kind).toBe('fault');
    expect(JSON.stringify(result)).not.toContain(secret);
  }
});

test('gives the same today and tomorrow, and leaves the user as they are', async () => {
  const before = structuredClone(document);
  const text = '$sort($append(user.attributes.mail, groups))';
  const first = await evaluateExpression(text, document);
  vi.useFakeTimers({ now: Date.now() + 86_400_000 });
  try {
    expect(await evaluateExpression(text, document)).toEqual(first);
  } finally {
    vi.useRealTimers();
  }
  expect(document).toEqual(before);
});

test('evaluates side by side without mixing their budgets or values', async () => {
  const results = await Promise.all(
    Array.from({ length: 50 }, (_, i) => evaluateExpression(`$sum([1..${i + 1}])`, structuredClone(document))),
  );
  expect(results).toEqual(results.map((_, i) => ({ kind: 'values', values: [((i + 1) * (i + 2)) / 2] })));
});
