import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mappingOwners, mappingWhens, type MappingRow, type MappingSource } from '../../src/domain/mapping-row.ts';
import { mappingFaults } from '../../src/domain/mapping-faults.ts';
import { mappedAttributes, mappingTable, plainRow, type AccountShape } from '../../src/domain/mapping-table.ts';
import { accountOf, type MappingSubject } from '../../src/domain/mapping/prepare.ts';
import { difference, mapAccount, needsCurrent, withoutFilled, type AccountAttributeSpec, type Mapped } from '../../src/domain/mapping.ts';
import type { AccountAttributes, Attributes, GroupId, User, UserId } from '../../src/domain/vocabulary.ts';

const attribute = (name: string): MappingSource => ({ kind: 'attribute', name });
const spec = (name: string, more: Partial<AccountAttributeSpec> = {}): AccountAttributeSpec => ({
  ...{ name, description: name, type: 'string', required: false, mutable: 'always', matchable: false, defaultMapping: attribute(name) },
  ...more,
});
const shape = {
  account: [
    spec('userName', { required: true, matchable: true, defaultMapping: { kind: 'user-name' } }),
    spec('externalId', { defaultMapping: { kind: 'user-id' } }),
    spec('title'),
    spec('mails', { type: 'strings' }),
    spec('level', { type: 'integer' }),
    spec('remote', { type: 'boolean' }),
    spec('born', { mutable: 'create-only' }),
    spec('notes', { defaultMapping: null }),
  ],
  moreAccountAttributes: { pattern: '[A-Z]\\w*__c', description: 'A custom field.' },
} satisfies AccountShape;
const row = (name: string, source: MappingSource, more: Partial<MappingRow> = {}): MappingRow => ({ ...plainRow(name, source), ...more });
const userName = row('userName', { kind: 'user-name' });

function subject(
  attributes: Attributes,
  mapping: readonly MappingRow[] | null,
  more: Partial<MappingSubject['identityProvider']> = {},
): MappingSubject {
  const user = { id: 'u1' as UserId, userName: 'ann', attributes, active: true, removedAt: null } as unknown as User;
  return {
    user,
    surroundings: {
      tenant: 'acme',
      userStore: 'PRIMARY',
      groups: [
        { id: 'g1', name: 'Staff' },
        { id: 'g2', name: 'Engineers' },
      ],
    },
    target: { config: {}, mapping },
    identityProvider: { name: 'Google', attributeMappings: [], roleMappings: [], ...more },
    userIdClaim: null,
  };
}
const mapped = async (...of: Parameters<typeof subject>): Promise<Mapped> => (await accountOf(shape, subject(...of))).mapped;
const attributesOf = async (...of: Parameters<typeof subject>): Promise<AccountAttributes> => {
  const account = await mapped(...of);
  if (account.kind !== 'mapped') throw new Error(JSON.stringify(account));
  return account.attributes;
};

describe('the mapping that holds', () => {
  test('is what the connector proposes while the target has none of its own', async () => {
    expect(await attributesOf({ title: ['Dr'] }, null)).toEqual({
      ...{ userName: 'ann', externalId: 'u1', title: 'Dr', mails: null, level: null, remote: null },
    });
    expect(mappingTable(shape, null, { attributeMappings: [] }).map(({ origin }) => origin)).toEqual(Array(7).fill('default'));
  });
  test("is the target's own and nothing else once it has one", async () => {
    expect(await attributesOf({ title: ['Dr'] }, [userName])).toEqual({ userName: 'ann' });
  });
  test('takes an attribute from where the identity provider maps it to, unless the target has a row for it', async () => {
    const attributeMappings = [
      { federated: 'title', local: 'jobTitle' },
      { federated: 'notes', local: 'remark' },
      { federated: 'notes', local: 'comment' },
      { federated: 'externalId', local: 'employeeNumber' },
      { federated: 'unknown', local: 'x' },
    ];
    const user = { title: ['own'], jobTitle: ['mapped'], comment: ['second'], employeeNumber: ['7'] };
    expect(await attributesOf(user, null, { attributeMappings })).toMatchObject({ title: 'mapped', notes: 'second', externalId: 'u1' });
    expect(await attributesOf(user, [userName, row('title', attribute('title'))], { attributeMappings })).toEqual({
      ...{ userName: 'ann', title: 'own', notes: 'second', externalId: '7' },
    });
    expect(mappingTable(shape, null, { attributeMappings }).find((each) => each.row.attribute === 'title')).toMatchObject({
      origin: 'identity-provider',
    });
  });
  test('keeps what no account can be without behind what the identity provider maps', async () => {
    const attributeMappings = [{ federated: 'userName', local: 'login' }];
    expect(await attributesOf({}, null, { attributeMappings })).toMatchObject({ userName: 'ann' });
    expect(await attributesOf({ login: ['a.nn'] }, null, { attributeMappings })).toMatchObject({ userName: 'a.nn' });
  });
  test('forgets rows of attributes that the connector has no more', async () => {
    expect(await attributesOf({}, [userName, row('gone', { kind: 'user-id' })])).toEqual({ userName: 'ann' });
  });
});

describe('a source', () => {
  const from = async (source: MappingSource, name = 'title', attributes: Attributes = {}) =>
    (
      await attributesOf(attributes, [userName, row(name, source)], {
        roleMappings: [
          { federated: 'R-ENG', groupId: 'g2' as GroupId },
          { federated: 'R-ALL', groupId: 'g1' as GroupId },
          { federated: 'R-ALL', groupId: 'g2' as GroupId },
          { federated: 'R-NO', groupId: 'g3' as GroupId },
        ],
      })
    )[name];
  test('may be the roles that the identity provider has for the groups', async () => {
    expect(await from({ kind: 'roles' }, 'mails')).toEqual(['R-ENG', 'R-ALL']);
  });
  test('may be an expression, of any type', async () => {
    expect(await from({ kind: 'expression', text: '"Staff" in groups and "R-ENG" in roles' }, 'remote')).toBe(true);
    expect(await from({ kind: 'expression', text: '$count(groups)' }, 'level')).toBe(2);
    expect(await from({ kind: 'expression', text: 'groups.$lowercase($)' }, 'mails')).toEqual(['staff', 'engineers']);
  });
  test('may be several constants, and of a custom field with a type of its own', async () => {
    expect(await from({ kind: 'constant', value: ['a', 'b'] }, 'mails')).toEqual(['a', 'b']);
    expect(await attributesOf({}, [userName, row('Level__c', { kind: 'constant', value: '7' }, { type: 'integer' })])).toMatchObject({
      Level__c: 7,
    });
  });
  test('clears explicitly', async () => {
    expect(await from({ kind: 'clear' }, 'title', { title: ['Dr'] })).toBeNull();
  });
  test('that fails names the account attribute', async () => {
    expect(await mapped({}, [userName, row('title', { kind: 'expression', text: '$number(user.userName)' })])).toMatchObject({
      ...{ kind: 'failed', attribute: 'title' },
    });
  });
  test('without a value takes the default', async () => {
    const withDefault = (attributes: Attributes) =>
      attributesOf(attributes, [userName, row('title', attribute('title'), { defaultValues: ['Mx'] })]);
    expect(await withDefault({})).toMatchObject({ title: 'Mx' });
    expect(await withDefault({ title: ['Dr'] })).toMatchObject({ title: 'Dr' });
  });
});

describe('when and owner', () => {
  const rows = (more: Partial<MappingRow>) => [userName, row('title', attribute('title'), more)];
  const specsOf = (more: Partial<MappingRow>) => mappedAttributes(shape, mappingTable(shape, rows(more), { attributeMappings: [] }), {});
  const send = (more: Partial<MappingRow>, title: string | null, applied: AccountAttributes, current: AccountAttributes) => {
    const specs = specsOf(more);
    const account = mapAccount(specs, { id: 'u1' as UserId, userName: 'ann', attributes: title === null ? {} : { title: [title] } });
    const wanted = account.kind === 'mapped' ? account.attributes : {};
    const changed = difference(specs, wanted, { userName: 'ann', ...applied });
    return needsCurrent(specs, changed) ? withoutFilled(specs, changed, current) : changed;
  };
  test.each<[string, Partial<MappingRow>, string | null, AccountAttributes, AccountAttributes, AccountAttributes]>([
    ['always and ours: what differs', {}, 'new', { title: 'old' }, { title: 'theirs' }, { title: 'new' }],
    ['always and ours: clears', {}, null, { title: 'old' }, { title: 'old' }, { title: null }],
    ['at creation only: nothing later', { when: 'create-only' }, 'new', { title: 'old' }, {}, {}],
    ["only if empty: nothing over the target's own", { when: 'if-empty' }, 'new', {}, { title: 'theirs' }, {}],
    ['only if empty: into nothing', { when: 'if-empty' }, 'new', {}, {}, { title: 'new' }],
    ['only if empty: into an empty text', { when: 'if-empty' }, 'new', { title: 'old' }, { title: '' }, { title: 'new' }],
    ['only if empty: never clears', { when: 'if-empty' }, null, { title: 'old' }, { title: 'old' }, {}],
    ["the target's: nothing over its own", { owner: 'target' }, 'new', { title: 'old' }, { title: 'theirs' }, {}],
    ["the target's: into nothing", { owner: 'target' }, 'new', {}, {}, { title: 'new' }],
    ["the target's: never clears", { owner: 'target' }, null, { title: 'old' }, { title: 'old' }, {}],
    ['never cleared: what differs', { owner: 'never-clear' }, 'new', { title: 'old' }, { title: 'x' }, { title: 'new' }],
    ['never cleared: nothing to clear', { owner: 'never-clear' }, null, { title: 'old' }, { title: 'old' }, {}],
  ])('%s', (_, more, title, applied, current, sent) => {
    expect(send(more, title, applied, current)).toEqual(sent);
  });
  test('ask for what the account has only where it could matter', () => {
    expect(needsCurrent(specsOf({ when: 'if-empty' }), {})).toBe(false);
    expect(needsCurrent(specsOf({ when: 'if-empty' }), { userName: 'x' })).toBe(false);
    expect(needsCurrent(specsOf({}), { title: 'x' })).toBe(false);
  });
});

describe('whatever the rows', () => {
  const names = ['title', 'mails', 'level', 'remote', 'born', 'notes', 'Custom__c'];
  const anySource = fc.oneof(
    fc.constantFrom(...names).map(attribute),
    fc.constantFrom<MappingSource>({ kind: 'user-id' }, { kind: 'constant', value: 'c' }, { kind: 'clear' }, { kind: 'roles' }),
    fc
      .constantFrom('user.attributes.title', '$count(groups)', 'user.attributes.level + 1')
      .map((text): MappingSource => ({ kind: 'expression', text })),
  );
  const anyRow = fc.record({
    attribute: fc.constantFrom(...names),
    type: fc.constant(null),
    source: anySource,
    when: fc.constantFrom(...mappingWhens),
    owner: fc.constantFrom(...mappingOwners),
    defaultValues: fc.constantFrom<readonly string[]>([], ['7']),
  });
  const anyRows = fc.uniqueArray(anyRow, { selector: (each) => each.attribute, maxLength: 7 }).map((rows) => [userName, ...rows]);
  const anyAttributes = fc.dictionary(
    fc.constantFrom(...names),
    fc.array(fc.oneof(fc.string({ minLength: 1 }), fc.integer(), fc.boolean()), { minLength: 1, maxLength: 3 }),
  );

  test('applying what differs leaves nothing that differs', async () => {
    await fc.assert(
      fc.asyncProperty(anyRows, anyAttributes, anyAttributes, async (rows, before, after) => {
        const [had, wanted] = [await accountOf(shape, subject(before, rows)), await accountOf(shape, subject(after, rows))];
        if (had.mapped.kind !== 'mapped' || wanted.mapped.kind !== 'mapped') return;
        const sent = difference(wanted.specs, wanted.mapped.attributes, had.mapped.attributes);
        expect(difference(wanted.specs, wanted.mapped.attributes, { ...had.mapped.attributes, ...sent })).toEqual({});
        expect(difference(wanted.specs, wanted.mapped.attributes, wanted.mapped.attributes)).toEqual({});
      }),
    );
  });
  test('nothing but what the source owns is ever cleared, and nothing is touched after creation that is set then only', async () => {
    await fc.assert(
      fc.asyncProperty(anyRows, anyAttributes, async (rows, attributes) => {
        const { specs, mapped: account } = await accountOf(shape, subject(attributes, rows));
        if (account.kind !== 'mapped') return;
        for (const { attribute: name, owner, when } of rows) {
          if (account.attributes[name] === null) expect([owner, when]).toEqual(['source', 'always']);
          if (when === 'create-only') expect(difference(specs, account.attributes, {})).not.toHaveProperty(name);
        }
      }),
    );
  });
  test("the target's own values survive where they win", async () => {
    const theirs = Object.fromEntries(names.map((name) => [name, 'theirs']));
    await fc.assert(
      fc.asyncProperty(anyRows, anyAttributes, async (rows, attributes) => {
        const { specs, mapped: account } = await accountOf(shape, subject(attributes, rows));
        if (account.kind !== 'mapped') return;
        const sent = withoutFilled(specs, difference(specs, account.attributes, {}), theirs);
        for (const { attribute: name, owner, when } of rows)
          if (owner === 'target' || when === 'if-empty') expect(sent).not.toHaveProperty(name);
      }),
    );
  });
  test('a row of a mapping that may be saved never makes a value of another type', async () => {
    await fc.assert(
      fc.asyncProperty(anyRows, anyAttributes, async (rows, attributes) => {
        const account = await mapped(attributes, rows);
        if (account.kind !== 'mapped') return;
        for (const { name, type } of shape.account) {
          const value = account.attributes[name];
          if (value === null || value === undefined) continue;
          expect(Array.isArray(value) ? 'strings' : typeof value === 'number' ? 'integer' : typeof value).toBe(type);
        }
      }),
    );
  });
});

describe('refused when it is saved, with its place:', () => {
  const faults = (...rows: readonly MappingRow[]) => mappingFaults(shape, rows, { matchingAttribute: 'userName', config: {} });
  test.each<[string, MappingRow, readonly string[]]>([
    ['an attribute that accounts do not have', row('nothing', attribute('x')), ['1', 'attribute']],
    ['a custom field of another form', row('level__x', attribute('x')), ['1', 'attribute']],
    ['an attribute twice', row('userName', attribute('x')), ['1', 'attribute']],
    ['another type than the declared one', row('title', attribute('x'), { type: 'integer' }), ['1', 'type']],
    ['an expression that does not compile', row('title', { kind: 'expression', text: '(' }), ['1', 'source', 'expression']],
    ['a pattern where the form has none', row('title', { kind: 'user-id-pattern' }), ['1', 'source', 'kind']],
    ['an attribute without a name', row('title', attribute('')), ['1', 'source', 'attribute']],
    [
      'a fault in a fallback',
      row('title', { ...attribute('x'), fallback: attribute('') } as MappingSource),
      ['1', 'source', 'fallback', 'attribute'],
    ],
    ['a constant of another type', row('level', { kind: 'constant', value: 'many' }), ['1', 'source', 'values']],
    ['several constants for one value', row('title', { kind: 'constant', value: ['a', 'b'] }), ['1', 'source', 'values']],
    ['a default of another type', row('level', attribute('x'), { defaultValues: ['many'] }), ['1', 'defaultValues']],
    ['clearing what the target owns', row('title', { kind: 'clear' }, { owner: 'target' }), ['1', 'owner']],
    ['clearing at creation', row('title', { kind: 'clear' }, { when: 'create-only' }), ['1', 'when']],
    ['roles as a number', row('level', { kind: 'roles' }), ['1', 'source']],
  ])('%s', (_, bad, path) => {
    expect(faults(userName, bad).map((fault) => fault.path)).toEqual([path]);
  });
  test('a required attribute without a row', () => {
    expect(faults(row('title', attribute('x')))).toEqual([{ path: [], message: expect.stringContaining('userName') }]);
  });
  test('a matching attribute without a row', () => {
    expect(mappingFaults(shape, [userName], { matchingAttribute: 'mails', config: {} })).toEqual([
      { path: [], message: expect.stringContaining('mails') },
    ]);
  });
  test('but not a good one, custom fields included', () => {
    expect(faults(userName, row('Custom__c', attribute('x'), { type: 'strings' }), row('mails', { kind: 'roles' }))).toEqual([]);
  });
});

describe("an attribute that the connector's form has a part in", () => {
  const dependent = {
    account: [
      ...shape.account,
      spec('profile', { defaultMapping: null, orFromField: 'profile' }),
      spec('ownId', { defaultMapping: { kind: 'user-id' }, neededField: 'ownIdField' }),
    ],
  } satisfies AccountShape;
  const profile = row('profile', attribute('job'));
  const faults = (config: Record<string, unknown>, ...rows: readonly MappingRow[]) =>
    mappingFaults(dependent, rows, { matchingAttribute: 'userName', config });
  const account = async (config: Record<string, unknown>, mapping: readonly MappingRow[] | null, attributes: Attributes = {}) => {
    const { mapped: made } = await accountOf(dependent, { ...subject(attributes, mapping), target: { config, mapping } });
    return made.kind === 'mapped' ? made.attributes : made;
  };

  test.each([{}, { profile: '  ' }])('is required where neither it nor %s gives a value', async (config) => {
    expect(faults(config, userName)).toEqual([
      { path: [], message: expect.stringMatching(/without profile: give each a row, or .* form/) },
    ]);
    expect(faults(config, userName, row('profile', { kind: 'clear' }))).toMatchObject([{ path: ['1', 'source'] }]);
    expect(faults(config, userName, profile)).toEqual([]);
    expect(await account(config, [userName, profile])).toEqual({ kind: 'missing', attribute: 'profile' });
    expect(await account(config, [userName, profile], { job: ['Clerk'] })).toEqual({ userName: 'ann', profile: 'Clerk' });
  });
  test('is optional where the form has one for everybody', async () => {
    const config = { profile: 'Standard User' };
    expect(faults(config, userName)).toEqual([]);
    expect(faults(config, userName, row('profile', { kind: 'clear' }))).toEqual([]);
    expect(await account(config, [userName, profile])).toEqual({ userName: 'ann', profile: null });
  });
  test.each([[null], [[userName, row('ownId', { kind: 'user-id' })]]])('is of no account that has no place for it: %j', async (mapping) => {
    expect(await account({}, mapping)).not.toHaveProperty('ownId');
    expect(await account({ ownIdField: 'Usher_Id__c' }, mapping)).toMatchObject({ ownId: 'u1' });
    expect(await account({}, mapping)).not.toHaveProperty('ownId');
  });
});
