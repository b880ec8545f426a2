import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupChanges, groupsFrom, mapFederated, syncAttributes, userNameFrom } from '../../src/domain/just-in-time.ts';
import type { AttributeMapping, AttributeSync, Attributes, GroupId, JustInTimeSettings, RoleMapping } from '../../src/domain/vocabulary.ts';

const justInTime: JustInTimeSettings = {
  enabled: true,
  userStoreId: null,
  attributeSync: 'override',
  userNameAttribute: null,
  roleAttribute: 'roles',
  groupSync: 'override',
};
const own: readonly AttributeMapping[] = [
  { federated: 'vorname', local: 'givenName' },
  { federated: 'abteilung', local: 'department' },
];
const [sales, staff, admins] = ['sales', 'staff', 'admins'] as GroupId[] as [GroupId, GroupId, GroupId];
const roleMappings: readonly RoleMapping[] = [
  { federated: 'Vertrieb', groupId: sales },
  { federated: 'Innendienst', groupId: staff },
  { federated: 'Alle', groupId: staff },
];
const provider = (more: Partial<JustInTimeSettings> = {}, attributeMappings = own) => ({
  justInTime: { ...justInTime, ...more },
  attributeMappings,
  roleMappings,
});

test.each(['constructor', '__proto__', 'toString'])('an attribute that is called %s is one like any other, or none', (name) => {
  const named = provider({ userNameAttribute: name, roleAttribute: name }, [{ federated: name, local: name }]);
  expect(userNameFrom(named, 'ann', {})).toBe('ann');
  expect(groupsFrom(named, {})).toEqual([]);
  expect(mapFederated(named, {})).toEqual({});
  const told: Attributes = Object.fromEntries([[name, ['Vertrieb']]]);
  expect(userNameFrom(named, 'ann', told)).toBe('Vertrieb');
  expect(groupsFrom(named, told)).toEqual([sales]);
  expect(Object.entries(mapFederated(named, told))).toEqual([[name, ['Vertrieb']]]);
});

describe('what an assertion tells becomes', () => {
  const cases: readonly { name: string; mappings: readonly AttributeMapping[]; told: Attributes; mapped: Attributes }[] = [
    {
      name: 'what the mappings of the identity provider name, and nothing else',
      mappings: own,
      told: { vorname: ['Ada'], mail: ['ada@example.org'] },
      mapped: { givenName: ['Ada'] },
    },
    { name: 'all values of an attribute, in order', mappings: own, told: { abteilung: ['b', 'a'] }, mapped: { department: ['b', 'a'] } },
    {
      name: 'the first federated name that has values, where several map to one',
      mappings: [...own, { federated: 'givenName', local: 'givenName' }],
      told: { givenName: ['Second'], vorname: ['First'] },
      mapped: { givenName: ['First'] },
    },
    {
      name: 'the usual attributes where there are no mappings: plain names',
      mappings: [],
      told: { givenName: ['Ada'], sn: ['Lovelace'], mail: ['ada@example.org'], shoeSize: ['37'] },
      mapped: { givenName: ['Ada'], familyName: ['Lovelace'], email: ['ada@example.org'] },
    },
    {
      name: 'the usual attributes where there are no mappings: OIDs',
      mappings: [],
      told: { 'urn:oid:2.5.4.42': ['Ada'], 'urn:oid:0.9.2342.19200300.100.1.3': ['ada@example.org'] },
      mapped: { givenName: ['Ada'], email: ['ada@example.org'] },
    },
    {
      name: "the usual attributes where there are no mappings: Microsoft's claims",
      mappings: [],
      told: { 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname': ['Lovelace'] },
      mapped: { familyName: ['Lovelace'] },
    },
    { name: 'nothing where nothing is told', mappings: own, told: {}, mapped: {} },
    {
      name: 'nothing where a mapping names what every object has',
      mappings: [{ federated: 'constructor', local: 'toString' }],
      told: {},
      mapped: {},
    },
    {
      name: 'an attribute that is called like what every object has',
      mappings: [{ federated: 'nick', local: 'toString' }],
      told: { nick: ['Ada'] },
      mapped: { toString: ['Ada'] },
    },
  ];
  test.each(cases)('$name', ({ mappings, told, mapped }) => {
    expect(mapFederated({ attributeMappings: mappings }, told)).toEqual(mapped);
  });
});

describe('a new user is called', () => {
  test('as the subject', () => {
    expect(userNameFrom(provider(), 'ada@idp', {})).toBe('ada@idp');
  });

  test('as the configured attribute says first', () => {
    expect(userNameFrom(provider({ userNameAttribute: 'uid' }), 'ada@idp', { uid: ['ada', 'al'] })).toBe('ada');
  });

  test('as the subject where the configured attribute is absent', () => {
    expect(userNameFrom(provider({ userNameAttribute: 'uid' }), 'ada@idp', {})).toBe('ada@idp');
  });

  test('as a number says that the identity provider sent', () => {
    expect(userNameFrom(provider({ userNameAttribute: 'number' }), 'ada@idp', { number: [815] })).toBe('815');
  });
});

describe('at a later sign-in', () => {
  const had: Attributes = { givenName: ['Augusta'], department: ['Engines'], nickname: ['Al'] };
  const told: Attributes = { vorname: ['Ada'] };
  const cases: readonly {
    name: string;
    sync: AttributeSync;
    mappings: readonly AttributeMapping[];
    told: Attributes;
    after: Attributes;
  }[] = [
    {
      name: 'override: what is told wins, what is mapped and no longer told is cleared, what is ours stays',
      sync: 'override',
      mappings: own,
      told,
      after: { givenName: ['Ada'], nickname: ['Al'] },
    },
    {
      name: 'override without own mappings: what is told wins and nothing is cleared',
      sync: 'override',
      mappings: [],
      told: { givenName: ['Ada'] },
      after: { ...had, givenName: ['Ada'] },
    },
    { name: 'keep local: what we have wins', sync: 'keep-local', mappings: own, told, after: had },
    {
      name: 'keep local: what we lack is filled in',
      sync: 'keep-local',
      mappings: [...own, { federated: 'mail', local: 'email' }],
      told: { ...told, mail: ['ada@example.org'] },
      after: { ...had, email: ['ada@example.org'] },
    },
    { name: 'only at first: nothing changes', sync: 'only-at-first', mappings: own, told: { ...told, abteilung: ['X'] }, after: had },
  ];
  test.each(cases)('$name', ({ sync, mappings, told: assertion, after }) => {
    expect(syncAttributes(provider({ attributeSync: sync }, mappings), { attributes: had }, assertion)).toEqual(after);
  });

  test.each(['override', 'keep-local', 'only-at-first'] as const)('nothing is written where nothing changed (%s)', (attributeSync) => {
    const attributes: Attributes = { givenName: ['Ada'], nickname: ['Al'] };
    expect(syncAttributes(provider({ attributeSync }), { attributes }, told)).toBe(attributes);
  });

  test('two values in another order are a change', () => {
    const attributes: Attributes = { department: ['a', 'b'] };
    expect(syncAttributes(provider(), { attributes }, { abteilung: ['b', 'a'] })).toEqual({ department: ['b', 'a'] });
  });
});

describe('the roles of an assertion become groups', () => {
  test('those that are mapped, each once', () => {
    expect(groupsFrom(provider(), { roles: ['Innendienst', 'Alle', 'Unknown', 'Vertrieb'] })).toEqual([sales, staff]);
  });

  test('none where no role is told', () => {
    expect(groupsFrom(provider(), {})).toEqual([]);
  });

  test('and where no attribute is configured for roles, memberships are left alone', () => {
    expect(groupsFrom(provider({ roleAttribute: null }), { roles: ['Vertrieb'] })).toBeNull();
  });

  test('exactly as they are written', () => {
    expect(groupsFrom(provider(), { roles: ['vertrieb', 'Vertrieb '] })).toEqual([]);
  });
});

describe('memberships at a later sign-in', () => {
  test('override: mapped groups that are not told any more end, others stay', () => {
    expect(groupChanges(provider(), [sales, admins], [staff])).toEqual({ join: [staff], leave: [sales] });
  });

  test('merge: none ends', () => {
    expect(groupChanges(provider({ groupSync: 'merge' }), [sales, admins], [staff])).toEqual({ join: [staff], leave: [] });
  });

  test('nothing changes where the groups are right', () => {
    expect(groupChanges(provider(), [admins, sales], [sales])).toEqual({ join: [], leave: [] });
  });
});

describe('whatever is told', () => {
  const anyName = fc.constantFrom('vorname', 'abteilung', 'mail', 'givenName', 'department', '__proto__', 'constructor');
  const anyAttributes = fc.dictionary(anyName, fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean()), { minLength: 1, maxLength: 3 }));
  const anySync = fc.constantFrom<AttributeSync>('override', 'keep-local', 'only-at-first');

  test('a second sign-in with the same assertion changes nothing', () => {
    fc.assert(
      fc.property(anySync, fc.constantFrom(own, []), anyAttributes, anyAttributes, (attributeSync, mappings, before, told) => {
        const settings = provider({ attributeSync }, mappings);
        const once = syncAttributes(settings, { attributes: before }, told);
        expect(syncAttributes(settings, { attributes: once }, told)).toBe(once);
      }),
    );
  });

  test('an attribute that no mapping speaks of is never touched', () => {
    fc.assert(
      fc.property(anySync, anyAttributes, (attributeSync, told) => {
        const attributes: Attributes = { nickname: ['Al'] };
        expect(syncAttributes(provider({ attributeSync }), { attributes }, told)['nickname']).toEqual(['Al']);
      }),
    );
  });

  test('joining and leaving leads to the wanted groups, and a group outside the mappings is never left', () => {
    const anyGroups = fc.subarray([sales, staff, admins]);
    fc.assert(
      fc.property(anyGroups, fc.subarray([sales, staff]), (now, wanted) => {
        const { join, leave } = groupChanges(provider(), now, wanted);
        const after = new Set([...now.filter((group) => !leave.includes(group)), ...join]);
        expect([...after].filter((group) => group !== admins).sort()).toEqual([...wanted].sort());
        expect(after.has(admins)).toBe(now.includes(admins));
      }),
    );
  });
});
