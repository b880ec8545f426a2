import { describe, expect, it } from 'vitest';
import { correlateGroup, type FoundGroup } from '../../src/domain/group-correlation.ts';
import { knownAgainAt, planMembers, type MemberFacts } from '../../src/domain/group-members.ts';
import type { AccountId, Adoption, ProvisionedMemberState, UserId } from '../../src/domain/vocabulary.ts';

const now = new Date('2026-01-01T12:00:00Z');
const ago = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000);
const member = (appliedAt: Date | null, state: ProvisionedMemberState | null, changedAt = ago(10)): MemberFacts => ({
  userId: 'user' as UserId,
  accountId: 'account' as AccountId,
  wanted: appliedAt !== null,
  link: appliedAt && { origin: 'created', appliedAt, linkedAt: appliedAt },
  recorded: state && { state, changedAt },
});

describe('a member of our group, and what is remembered of them at the target', () => {
  it.each([
    { wanted: true, recorded: null, comes: 'add' },
    { wanted: true, recorded: 'adding', comes: 'add' },
    { wanted: true, recorded: 'removing', comes: 'add' },
    { wanted: true, recorded: 'member', comes: 'nothing' },
    { wanted: false, recorded: null, comes: 'nothing' },
    { wanted: false, recorded: 'adding', comes: 'remove' },
    { wanted: false, recorded: 'removing', comes: 'remove' },
    { wanted: false, recorded: 'member', comes: 'remove' },
    { wanted: false, recorded: 'unknown', comes: 'forget' },
  ] as const)('wanted: $wanted, recorded: $recorded, comes to $comes', ({ wanted, recorded, comes }) => {
    const { add, remove, forget, lookAgainAt } = planMembers([member(wanted ? ago(60) : null, recorded)], now);
    expect({ add: add.length, remove: remove.length, forget: forget.length }).toEqual({
      add: comes === 'add' ? 1 : 0,
      remove: comes === 'remove' ? 1 : 0,
      forget: comes === 'forget' ? 1 : 0,
    });
    expect(lookAgainAt).toBeNull();
  });
});

it('puts in anew whose account was restored, or made anew under its id, since it was put in', () => {
  const facts = (linkedAt: Date | null, placed: Date): MemberFacts => {
    const placedThen = member(ago(60), 'member', placed);
    return { ...placedThen, link: { origin: 'created', appliedAt: ago(60), linkedAt } };
  };
  const plan = planMembers([facts(ago(5), ago(10)), facts(ago(10), ago(5)), facts(null, ago(5))], now);
  expect(plan.add).toEqual([facts(ago(5), ago(10))]);
});

describe('an account that the target does not know', () => {
  it.each([
    { says: 'waits as long as it is old', linked: 20, tried: 10, addedNow: true },
    { says: 'is not tried before', linked: 20, tried: 5, addedNow: false, again: ago(-10) },
    { says: 'is tried again when its link was written since', linked: 5, tried: 10, addedNow: true },
    { says: 'is left alone when it is old', linked: 200, tried: 100, addedNow: false },
  ])('$says', ({ linked, tried, addedNow, again }) => {
    const plan = planMembers([member(ago(linked), 'unknown', ago(tried))], now);
    expect(plan.add.length).toBe(addedNow ? 1 : 0);
    expect(plan.lookAgainAt).toEqual(again ?? null);
  });

  it('rests five seconds at first', () => {
    expect(knownAgainAt(now, now)).toEqual(new Date(now.getTime() + 5_000));
  });

  it('is looked at again for the one that is soonest', () => {
    const facts = [member(ago(30), 'unknown', ago(1)), member(ago(12), 'unknown', ago(2)), member(ago(90), 'unknown', ago(1))];
    expect(planMembers(facts, now).lookAgainAt).toEqual(ago(-8));
  });
});

describe('groups found by the name of ours', () => {
  const free: FoundGroup = { heldByAnother: false };
  const held: FoundGroup = { heldByAnother: true };
  it.each<{ found: readonly FoundGroup[]; adoption: Adoption; begun: boolean; comes: object }>([
    { found: [], adoption: 'link', begun: false, comes: { kind: 'create' } },
    { found: [], adoption: 'link', begun: true, comes: { kind: 'create' } },
    { found: [free], adoption: 'link', begun: false, comes: { kind: 'take', origin: 'adopted' } },
    { found: [free], adoption: 'ask', begun: false, comes: { kind: 'stop' } },
    { found: [free], adoption: 'refuse', begun: false, comes: { kind: 'stop' } },
    { found: [free], adoption: 'refuse', begun: true, comes: { kind: 'take', origin: 'created' } },
    { found: [held], adoption: 'link', begun: false, comes: { kind: 'wait' } },
    { found: [held], adoption: 'link', begun: true, comes: { kind: 'wait' } },
    { found: [free, free], adoption: 'link', begun: true, comes: { kind: 'stop' } },
    { found: [free, held], adoption: 'link', begun: false, comes: { kind: 'stop' } },
  ])('$found with $adoption, begun: $begun, come to $comes', ({ found, adoption, begun, comes }) => {
    expect(correlateGroup(found, { adoption, begun })).toMatchObject(comes);
  });
});
