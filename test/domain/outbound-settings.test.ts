import { describe, expect, test } from 'vitest';
import {
  judgeOutboundRows,
  missingForJitOutbound,
  rowLimit,
  warningsOf,
  type OutboundFacts,
  type RowGround,
  type SignInFacts,
  type WantedRow,
} from '../../src/domain/outbound-settings.ts';
import type { IdentityProviderId, TargetId } from '../../src/domain/vocabulary.ts';

const google = 'google' as IdentityProviderId;
const crm = 'crm' as IdentityProviderId;
const directory = 'directory' as TargetId;
const archive = 'archive' as TargetId;
const sales = 'sales' as TargetId;

const facts: OutboundFacts = {
  identityProviders: [
    { id: google, name: 'Google', enabled: true },
    { id: crm, name: 'CRM', enabled: true },
  ],
  targets: [
    { id: directory, identityProviderId: google, name: 'Directory', enabled: true, removalAskedAt: null },
    { id: archive, identityProviderId: google, name: 'Archive', enabled: false, removalAskedAt: null },
    { id: sales, identityProviderId: crm, name: 'Sales', enabled: true, removalAskedAt: null },
  ],
  savedTargetIds: [],
  signIn: { of: 'service-provider', identityProviders: [{ name: 'Staff', justInTime: true }] },
};
const row: WantedRow = {
  identityProviderId: google,
  targetId: directory,
  blocking: false,
  enableRules: false,
  ...({ whenNotApplicable: 'deny', accountsOfDenied: 'end', requireProvisioned: false, rulesOnRemoval: false } as const),
  jitOutbound: true,
  deadlineMs: 10_000,
  whenDeadlinePasses: 'refuse',
};
const disabledAt = (id: TargetId): OutboundFacts => ({
  ...facts,
  targets: facts.targets.map((target) => (target.id === id ? { ...target, enabled: false } : target)),
});

const faults: readonly { name: string; rows: readonly WantedRow[]; facts?: OutboundFacts; path: string; message: RegExp }[] = [
  {
    name: 'an identity provider that does not exist',
    rows: [{ ...row, identityProviderId: 'nobody' as IdentityProviderId }],
    path: 'rows.0.identityProviderId',
    message: /no such identity provider/,
  },
  {
    name: 'a connector that does not exist',
    rows: [row, { ...row, targetId: 'nothing' as TargetId }],
    path: 'rows.1.connectorId',
    message: /no such provisioning connector/,
  },
  {
    name: "another identity provider's connector",
    rows: [{ ...row, targetId: sales }],
    path: 'rows.0.connectorId',
    message: /"Sales" is no connector of the identity provider "Google"/,
  },
  {
    name: 'an identity provider without any enabled connector',
    rows: [row],
    facts: disabledAt(directory),
    path: 'rows.0.identityProviderId',
    message: /"Google" has no enabled provisioning connector/,
  },
  {
    name: 'an identity provider without any enabled connector where none is named',
    rows: [{ ...row, targetId: null }],
    facts: disabledAt(directory),
    path: 'rows.0.identityProviderId',
    message: /"Google" has no enabled provisioning connector/,
  },
  {
    name: 'a disabled connector beside an enabled one',
    rows: [{ ...row, targetId: archive }],
    path: 'rows.0.connectorId',
    message: /"Archive" is disabled/,
  },
  {
    name: 'a disabled identity provider',
    rows: [row],
    facts: { ...facts, identityProviders: [{ id: google, name: 'Google', enabled: false }] },
    path: 'rows.0.identityProviderId',
    message: /"Google" is disabled/,
  },
  {
    name: 'a connector that is being removed',
    rows: [{ ...row, targetId: archive }],
    facts: {
      ...facts,
      targets: facts.targets.map((target) => (target.id === archive ? { ...target, enabled: true, removalAskedAt: new Date(0) } : target)),
    },
    path: 'rows.0.connectorId',
    message: /is being removed/,
  },
  { name: 'one connector in two rows', rows: [row, row], path: 'rows.1.connectorId', message: /Another row/ },
  {
    name: 'one connector in two rows of which one does not name it',
    rows: [row, { ...row, targetId: null }],
    path: 'rows.1.connectorId',
    message: /Another row/,
  },
  {
    name: 'no connector named where there are several',
    rows: [{ ...row, targetId: null }],
    facts: { ...facts, targets: facts.targets.map((target) => ({ ...target, enabled: true })) },
    path: 'rows.0.connectorId',
    message: /several enabled connectors/,
  },
  { name: 'a deadline that is too short', rows: [{ ...row, deadlineMs: 499 }], path: 'rows.0.deadlineMs', message: /from 500 to 300000/ },
  {
    name: 'a deadline that is too long',
    rows: [{ ...row, deadlineMs: 300_001 }],
    path: 'rows.0.deadlineMs',
    message: /from 500 to 300000/,
  },
  { name: 'a deadline that is no whole number', rows: [{ ...row, deadlineMs: 600.5 }], path: 'rows.0.deadlineMs', message: /from 500/ },
  {
    name: 'JIT outbound without just-in-time provisioning',
    rows: [row],
    facts: { ...facts, signIn: { of: 'service-provider', identityProviders: [{ name: 'Staff', justInTime: false }] } },
    path: 'rows.0.jitOutbound',
    message: /off for "Staff".*just-in-time provisioning settings/,
  },
  {
    name: 'JIT outbound where people sign in with a password only',
    rows: [row],
    facts: { ...facts, signIn: { of: 'service-provider', identityProviders: [] } },
    path: 'rows.0.jitOutbound',
    message: /local password only, which does not count/,
  },
  {
    name: "JIT outbound in the tenant's default where nobody is provisioned just in time",
    rows: [row],
    facts: { ...facts, signIn: { of: 'tenant', identityProviders: [{ name: 'Staff', justInTime: false }] } },
    path: 'rows.0.jitOutbound',
    message: /there is none yet/,
  },
];

describe('a table of outbound rows is refused for', () => {
  test.each(faults)('$name', (fault) => {
    const judgement = judgeOutboundRows(fault.rows, fault.facts ?? facts);
    expect(judgement.kind).toBe('invalid');
    if (judgement.kind === 'invalid') {
      expect(judgement.problems.map((problem) => problem.path.join('.'))).toEqual([fault.path]);
      expect(judgement.problems[0]!.message).toMatch(fault.message);
    }
  });

  test('too many rows', () => {
    const rows = Array.from({ length: rowLimit + 1 }, () => row);
    const judgement = judgeOutboundRows(rows, facts);
    expect(judgement.kind === 'invalid' && judgement.problems[0]).toMatchObject({ path: ['rows'] });
  });

  test('everything that is wrong, at once', () => {
    const judgement = judgeOutboundRows(
      [
        { ...row, targetId: sales, deadlineMs: 1 },
        { ...row, targetId: archive },
      ],
      facts,
    );
    expect(judgement.kind === 'invalid' && judgement.problems.map((problem) => problem.path.join('.'))).toEqual([
      'rows.0.connectorId',
      'rows.0.deadlineMs',
      'rows.1.connectorId',
    ]);
  });
});

describe('a table of outbound rows is accepted', () => {
  test('with a row for each of two identity providers', () => {
    const rows = [row, { ...row, identityProviderId: crm, targetId: sales, jitOutbound: false }];
    expect(judgeOutboundRows(rows, facts)).toEqual({ kind: 'valid', rows });
  });

  test('with the only enabled connector filled in where none is named', () => {
    const judgement = judgeOutboundRows([{ ...row, targetId: null }], facts);
    expect(judgement.kind === 'valid' && judgement.rows[0]?.targetId).toBe(directory);
  });

  test('empty: nobody is provisioned', () => {
    expect(judgeOutboundRows([], facts)).toEqual({ kind: 'valid', rows: [] });
  });

  test('with a connector that was disabled since it was saved', () => {
    const saved = { ...disabledAt(directory), savedTargetIds: [directory] };
    expect(judgeOutboundRows([row], saved).kind).toBe('valid');
  });

  test.each([500, 300_000])('with a deadline of %d ms', (deadlineMs) => {
    expect(judgeOutboundRows([{ ...row, deadlineMs }], facts).kind).toBe('valid');
  });
});

test('one identity provider with just-in-time provisioning is enough for JIT outbound', () => {
  const identityProviders = [
    { name: 'Partners', justInTime: false },
    { name: 'Staff', justInTime: true },
  ];
  expect(missingForJitOutbound({ of: 'service-provider', identityProviders })).toBeNull();
});

describe('a saved row warns', () => {
  const ground: RowGround = {
    identityProvider: { name: 'Google', enabled: true },
    target: { name: 'Directory', enabled: true },
    suspended: false,
    policiesInForce: true,
    signIn: facts.signIn,
  };
  const noJustInTime: SignInFacts = { of: 'service-provider', identityProviders: [{ name: 'Staff', justInTime: false }] };
  test.each<[string, Partial<RowGround>, Partial<WantedRow>, RegExp]>([
    ['that the identity provider is disabled', { identityProvider: { name: 'Google', enabled: false } }, {}, /"Google" is disabled/],
    ['that the connector is disabled', { target: { name: 'Directory', enabled: false } }, {}, /"Directory" is disabled/],
    ['that the connector is suspended', { suspended: true }, {}, /"Directory" is suspended/],
    ['that no policy is published', { policiesInForce: false }, { enableRules: true }, /no policy is published/],
    ['that just-in-time provisioning was switched off', { signIn: noJustInTime }, {}, /off for "Staff"/],
  ])('%s', (_name, changedGround, changedRow, expected) => {
    const warnings = warningsOf({ ...row, ...changedRow }, { ...ground, ...changedGround });
    expect(warnings).toEqual([expect.stringMatching(expected)]);
  });

  test('of nothing where all it stands on is there', () => {
    expect(warningsOf(row, ground)).toEqual([]);
    expect(warningsOf({ ...row, enableRules: true }, ground)).toEqual([]);
    expect(warningsOf({ ...row, jitOutbound: false }, { ...ground, signIn: noJustInTime })).toEqual([]);
  });
});
