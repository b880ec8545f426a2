import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge, stateOf, type Gate, type GateHold } from '../../src/domain/login-gate.ts';
import type { TargetId } from '../../src/domain/vocabulary.ts';

const now = new Date('2026-01-01T00:00:10Z');
const ahead = (ms: number) => new Date(now.getTime() + ms);
const directory = 'directory' as TargetId;
const crm = 'crm' as TargetId;

const working: GateHold = {
  targetId: directory,
  deadlineAt: ahead(5_000),
  whenDeadlinePasses: 'refuse',
  operation: { kind: 'provision', state: 'running' },
  shut: false,
};
const ready: GateHold = { ...working, operation: { kind: 'provision', state: 'succeeded' } };
const failed: GateHold = { ...working, operation: { kind: 'provision', state: 'failed' } };
const late: GateHold = { ...working, deadlineAt: now };
const shut: GateHold = { ...working, operation: { kind: 'provision', state: 'pending' }, shut: true };
const admitting = (hold: GateHold): GateHold => ({ ...hold, targetId: crm, whenDeadlinePasses: 'admit' });

const open: Gate = { kind: 'open', unprovisioned: [] };
const openWithout: Gate = { kind: 'open', unprovisioned: [crm] };
const hold = (ms: number): Gate => ({ kind: 'hold', until: ahead(ms) });
const refused: Gate = { kind: 'refuse', reason: 'not-provisioned' };
const tooLate: Gate = { kind: 'refuse', reason: 'deadline-passed' };

describe('a login', () => {
  const cases: readonly { name: string; holds: readonly GateHold[]; gate: Gate }[] = [
    { name: 'without any blocking target is let in', holds: [], gate: open },
    { name: 'whose account is there is let in', holds: [ready], gate: open },
    { name: 'whose account is there is let in even after the deadline', holds: [{ ...ready, deadlineAt: ahead(-1) }], gate: open },
    { name: 'whose account is there is let in although the target was shut since', holds: [{ ...ready, shut: true }], gate: open },
    { name: 'waits while a blocking target works', holds: [working], gate: hold(5_000) },
    { name: 'waits while an operation is due for another try', holds: [{ ...shut, shut: false }], gate: hold(5_000) },
    {
      name: 'waits until the earliest deadline ahead',
      holds: [working, { ...working, deadlineAt: ahead(800) }, { ...working, deadlineAt: ahead(9_000) }],
      gate: hold(800),
    },
    { name: 'waits for the slow one of two', holds: [ready, working], gate: hold(5_000) },
    { name: 'is refused at the very moment of the deadline', holds: [late], gate: tooLate },
    { name: 'is admitted at the deadline where the row says so', holds: [admitting(late)], gate: openWithout },
    { name: 'is refused at once where the target gave up', holds: [failed], gate: refused },
    { name: 'is admitted at once where the target gave up and the row says so', holds: [admitting(failed)], gate: openWithout },
    { name: 'is refused at once where the target is disabled or suspended', holds: [shut], gate: refused },
    { name: 'is admitted at once where the target is shut and the row says so', holds: [admitting(shut)], gate: openWithout },
    { name: 'is refused as soon as one refuses, whatever still works', holds: [working, admitting(working), failed], gate: refused },
    { name: 'goes on waiting for one although another let it pass', holds: [admitting(late), working], gate: hold(5_000) },
    { name: 'is let in with what is missing told', holds: [ready, admitting(failed)], gate: openWithout },
    {
      name: 'is refused where the operation is gone with its target',
      holds: [{ ...working, operation: null }],
      gate: refused,
    },
    {
      name: 'is refused where the account is being ended instead',
      holds: [{ ...working, operation: { kind: 'deprovision', state: 'succeeded' } }],
      gate: refused,
    },
    {
      name: 'is refused where an operator cancelled the operation',
      holds: [{ ...working, operation: { kind: 'provision', state: 'cancelled' } }],
      gate: refused,
    },
  ];
  test.each(cases)('$name', ({ holds, gate }) => {
    expect(judge(holds, now)).toEqual(gate);
  });
});

const anyHold: fc.Arbitrary<GateHold> = fc.record({
  targetId: fc.constantFrom(directory, crm),
  deadlineAt: fc.integer({ min: -3, max: 3 }).map(ahead),
  whenDeadlinePasses: fc.constantFrom('refuse', 'admit'),
  operation: fc.option(
    fc.record({
      kind: fc.constantFrom('provision', 'deprovision'),
      state: fc.constantFrom('pending', 'running', 'succeeded', 'failed', 'cancelled'),
    }),
  ),
  shut: fc.boolean(),
});
const anyHolds = fc.array(anyHold, { maxLength: 5 });

describe('whatever the targets do', () => {
  test('the door never opens while a refusing target is not ready', () => {
    fc.assert(
      fc.property(anyHolds, (holds) => {
        const refusing = holds.filter((each) => each.whenDeadlinePasses === 'refuse');
        if (judge(holds, now).kind === 'open') expect(refusing.filter((each) => stateOf(each) !== 'ready')).toEqual([]);
      }),
    );
  });

  test('the order of the targets makes no difference to what the person meets', () => {
    fc.assert(
      fc.property(anyHolds, (holds) => {
        expect(judge([...holds].reverse(), now).kind).toBe(judge(holds, now).kind);
      }),
    );
  });

  test('nobody waits past the last deadline, and each wait ends ahead', () => {
    fc.assert(
      fc.property(anyHolds, (holds) => {
        expect(judge(holds, ahead(3)).kind).not.toBe('hold');
        const gate = judge(holds, now);
        if (gate.kind === 'hold') expect(gate.until.getTime()).toBeGreaterThan(now.getTime());
      }),
    );
  });

  test('a decision to refuse stays one as time goes by', () => {
    fc.assert(
      fc.property(anyHolds, fc.integer({ min: 0, max: 10 }), (holds, later) => {
        if (judge(holds, now).kind === 'refuse') expect(judge(holds, ahead(later)).kind).toBe('refuse');
      }),
    );
  });
});
