import { describe, expect, test } from 'vitest';
import { endingOf, type Ending } from '../../src/domain/account-ending.ts';
import type { Removal } from '../../src/domain/vocabulary.ts';

const now = new Date('2026-03-01T00:00:00Z');
const inThirtyDays = new Date('2026-03-31T00:00:00Z');
const gone = { active: false, removedAt: now };
const away = { active: false, removedAt: null };
const unassigned = { active: true, removedAt: null };
const active = { active: true, deleteAt: null, deletionAskedAt: null };
const ended = { active: false, deleteAt: null, deletionAskedAt: null };
const dated = { active: false, deleteAt: inThirtyDays, deletionAskedAt: null };
const due = { active: false, deleteAt: now, deletionAskedAt: now };
const calledOff = { active: false, deleteAt: null, deletionAskedAt: now };

describe('an account ends', () => {
  test.each<readonly [string, Removal, Parameters<typeof endingOf>[1], Parameters<typeof endingOf>[2], Ending]>([
    ['by being left', 'leave', gone, active, { kind: 'leave' }],
    ['deactivated', 'deactivate', gone, active, { kind: 'deactivate', deleteAt: null }],
    ['deleted', 'delete', gone, active, { kind: 'delete' }],
    ['deleted without its person', 'delete', unassigned, active, { kind: 'delete' }],
    ['only deactivated while its person may return', 'delete', away, active, { kind: 'deactivate', deleteAt: null }],
    ['deactivated, and deleted later', 'deactivate-then-delete', gone, active, { kind: 'deactivate', deleteAt: inThirtyDays }],
    [
      'deactivated without a date while its person may return',
      'deactivate-then-delete',
      away,
      active,
      { kind: 'deactivate', deleteAt: null },
    ],
    ['with a date, where it was deactivated before', 'deactivate-then-delete', gone, ended, { kind: 'schedule', deleteAt: inThirtyDays }],
    ['not before its date', 'deactivate-then-delete', gone, dated, { kind: 'wait' }],
    ['deleted when its date has come', 'deactivate-then-delete', gone, due, { kind: 'delete' }],
    ['deleted when its date has come, whoever may return', 'deactivate-then-delete', away, due, { kind: 'delete' }],
    ['no further where its deletion was called off', 'deactivate-then-delete', gone, calledOff, { kind: 'wait' }],
    ['without the date, where the setting was changed since', 'deactivate', gone, due, { kind: 'deactivate', deleteAt: null }],
  ])('%s (%s)', (_, removal, user, link, expected) => {
    expect(endingOf({ removal, graceDays: 30 }, user, link, now, true)).toEqual(expected);
  });
});
