import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idOf, numbered, userIdFaults, userIdFrom, userIdSettings, type UserIdParts } from '../../src/domain/user-id-pattern.ts';

const nobody: UserIdParts = { userName: '', userStore: 'PRIMARY', tenant: 'acme.com', identityProvider: 'Google' };
const idFor = (pattern: string, separator: string, parts: Partial<UserIdParts>, domain: string | null = 'g.com') =>
  userIdFrom({ pattern, separator, domain }, { ...nobody, ...parts });

describe('WSO2 Identity Server made, and so does Usher', () => {
  test.each([
    ['{UN}', '_', { userName: 'Bob' }, 'bob@g.com'],
    ['{UN}', '_', { userName: 'bob@x.org' }, 'bob.x.org@g.com'],
    ['{UN}', '_', { userName: 'bob@g.com' }, 'bob@g.com'],
    ['{UN,TD}', '_', { userName: 'testUser', tenant: 'TestTenant.com' }, 'testuser_testtenant.com@g.com'],
    ['{UD,UN}', '-', { userName: 'alice', userStore: 'STORE-1' }, 'store1-alice@g.com'],
  ] as const)('%s with %s', (pattern, separator, parts, id) => {
    expect(idFor(pattern, separator, parts)).toBe(id);
  });
});

describe('what WSO2 Identity Server got wrong comes out clean', () => {
  test('a domain ends at its "@": another one that ends alike is not it', () => {
    expect(idFor('{UN}', '_', { userName: 'bob@evilg.com' })).toBe('bob.evilg.com@g.com');
  });
  test('a separator is taken literally, and wipes nothing', () => {
    expect(idFor('{UN,TD}', '.', { userName: 'alice' })).toBe('alice.acmecom@g.com');
  });
  test.each(['+', '*', '$', '^', '?'])('a separator that means something in regular expressions works: %s', (separator) => {
    expect(idFor('{UN,TD}', separator, { userName: 'alice' })).toBe(`alice${separator}acme.com@g.com`);
  });
  test('the name of an identity provider brings no spaces', () => {
    expect(idFor('{UN,IDP}', '_', { userName: 'alice', identityProvider: 'My Google' })).toBe('alice_mygoogle@g.com');
  });
  test('an unknown token is refused when it is saved', () => {
    expect(userIdFaults({ pattern: '{UN,SP}', separator: '_' })).toEqual([
      { field: 'userIdPattern', message: expect.stringContaining('SP') },
    ]);
  });
});

describe('an id', () => {
  test.each([
    [
      'all tokens in any order, with spaces between them',
      '{ IDP, TD ,UD,UN }',
      '-',
      { userName: 'Ann' },
      'google-acme.com-primary-ann@g.com',
    ],
    ['letters without their marks', '{UN}', '_', { userName: 'Jürgen.Großmann' }, 'jurgen.grossmann@g.com'],
    ['nothing that an e-mail address cannot have', '{UN}', '_', { userName: 'ann (the first), "x"' }, 'annthefirstx@g.com'],
    ['no dots at the ends or beside each other', '{UN}', '_', { userName: '.ann..b.' }, 'ann.b@g.com'],
    ['no separator for a part of which nothing is left', '{IDP,UN}', '_', { userName: 'ann', identityProvider: '谷歌' }, 'ann@g.com'],
    ['one "@" only', '{UN}', '_', { userName: 'a@b@g.com' }, 'a.b@g.com'],
  ] as const)('has %s', (_, pattern, separator, parts, id) => {
    expect(idFor(pattern, separator, parts)).toBe(id);
  });
  test('stays as it is where there is no domain', () => {
    expect(idFor('{UN}', '_', { userName: 'Bob@x.org' }, null)).toBe('bob@x.org');
  });
  test('is none where nothing is left of the user', () => {
    expect(idFor('{UN}', '_', { userName: '安娜' })).toBeNull();
    expect(idFor('{UN}', '_', { userName: '@g.com' })).toBeNull();
  });
  test('is an address at the domain, whatever the names', () => {
    const any = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(
        any,
        any,
        fc.constantFrom('{UN}', '{UD,UN}', '{UN,TD,IDP}'),
        fc.constantFrom('_', '.', '-', '@', '--'),
        (userName, other, pattern, separator) => {
          const id = idFor(pattern, separator, { userName, userStore: other, tenant: other, identityProvider: other });
          if (id !== null) expect(id).toMatch(/^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@g\.com$/);
        },
      ),
    );
  });
});

test('a number stands before the "@"', () => {
  expect([1, 2, 3].map((number) => numbered('ann@g.com', number))).toEqual(['ann@g.com', 'ann2@g.com', 'ann3@g.com']);
  expect(numbered('ann', 2)).toBe('ann2');
});

test('what was claimed stays while what it was made from is the same', () => {
  expect(idOf('ann', { base: 'ann', value: 'ann2' })).toBe('ann2');
  expect(idOf('anna', { base: 'ann', value: 'ann2' })).toBe('anna');
  expect(idOf('ann', null)).toBe('ann');
});

describe('refused when it is saved', () => {
  test.each(['UN', '{UN', 'UN}', '{}', '{ }', '{UN,}', '{UN}{TD}', '{un}', 'x{UN}'])('the pattern %s', (pattern) => {
    expect(userIdFaults({ pattern, separator: '_' }).map((fault) => fault.field)).toEqual(['userIdPattern']);
  });
  test.each([' ', 'ä', '(', 'X'])('the separator "%s"', (separator) => {
    expect(userIdFaults({ pattern: '{UN}', separator }).map((fault) => fault.field)).toEqual(['userIdSeparator']);
  });
  test.each(['{UN}', '{ UN , UD , TD , IDP }'])('not %s', (pattern) => {
    expect(userIdFaults({ pattern, separator: '_' })).toEqual([]);
  });
});

test('a form without anything means the user name', () => {
  expect(userIdSettings({})).toEqual({ pattern: '{UN}', separator: '_', domain: null });
  expect(userIdSettings({ userIdPattern: '', userIdSeparator: '', userIdDomain: 'G.com' })).toEqual({
    pattern: '{UN}',
    separator: '_',
    domain: 'g.com',
  });
});
