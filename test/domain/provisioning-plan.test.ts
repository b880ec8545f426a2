import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mapAccount, type AccountAttributeSpec, type Mapped } from '../../src/domain/mapping.ts';
import {
  planProvisioning,
  type Candidate,
  type PlanInput,
  type PlanReason,
  type PlannedTarget,
} from '../../src/domain/provisioning-plan.ts';
import { ruleAnswers, type RuleAnswer, type RuleDetails } from '../../src/domain/rule-details.ts';
import { type Ground } from '../../src/domain/rules.ts';
import type {
  Assignment,
  GroupId,
  IdentityProviderId,
  Link,
  Operation,
  OutboundRow,
  ServiceProviderId,
  Target,
  TargetId,
  TenantId,
  Trigger,
  User,
  UserId,
  UserStoreId,
} from '../../src/domain/vocabulary.ts';

const at = new Date('2026-01-01T00:00:00Z');
const tenantId = 'tenant' as TenantId;
const portal = 'portal' as ServiceProviderId;
const shop = 'shop' as ServiceProviderId;
const staff = 'staff' as GroupId;
const targetId = 'directory' as TargetId;

const specs: readonly AccountAttributeSpec[] = [
  spec('userName', { kind: 'user-name' }, { required: true }),
  spec('title', { kind: 'attribute', name: 'title' }),
  spec('costCentre', { kind: 'attribute', name: 'costCentre' }, { required: true }),
];
function spec(
  name: string,
  defaultMapping: AccountAttributeSpec['defaultMapping'],
  more: Partial<AccountAttributeSpec> = {},
): AccountAttributeSpec {
  return { name, description: name, type: 'string', required: false, mutable: 'always', matchable: false, defaultMapping, ...more };
}

const user: User = {
  id: 'ada' as UserId,
  tenantId,
  userStoreId: 'PRIMARY' as UserStoreId,
  userName: 'ada',
  attributes: { title: ['Countess'], costCentre: ['7'] },
  active: true,
  removedAt: null,
  selfRegistered: false,
  version: 1,
  createdAt: at,
  updatedAt: at,
};
const right = { userName: 'ada', title: 'Countess', costCentre: '7' };
const target: Target = {
  id: targetId,
  tenantId,
  identityProviderId: 'google' as IdentityProviderId,
  name: 'Directory',
  connectorType: 'known',
  enabled: true,
  config: {},
  removal: 'deactivate',
  graceDays: 30,
  adoption: 'link',
  protectedAccounts: [],
  guardEnabled: true,
  guardCount: 100,
  guardPercent: 10,
  guardPercentFrom: 10,
  guardWindowMinutes: 60,
  matchingAttribute: 'userName',
  mapping: null,
  maxConcurrentCalls: 4,
  removalAskedAt: null,
  version: 1,
  createdAt: at,
};
const row: OutboundRow = {
  id: 'row',
  tenantId,
  serviceProviderId: portal,
  targetId,
  blocking: false,
  enableRules: false,
  ...({ whenNotApplicable: 'deny', accountsOfDenied: 'end', requireProvisioned: false, rulesOnRemoval: false } as const),
  jitOutbound: true,
  deadlineMs: 10_000,
  whenDeadlinePasses: 'refuse',
};
const blocking: OutboundRow = { ...row, blocking: true };
const assignment = assignedBy(portal);
function assignedBy(serviceProviderId: ServiceProviderId | null): Assignment {
  return { id: `because of ${String(serviceProviderId)}`, tenantId, userId: user.id, targetId, serviceProviderId, createdAt: at };
}
const link: Link = {
  id: 'link',
  tenantId,
  userId: user.id,
  targetId,
  accountId: 'account-1' as Link['accountId'],
  origin: 'created',
  active: true,
  applied: right,
  appliedAt: at,
  linkedAt: null,
  deleteAt: null,
  deletionAskedAt: null,
  protectedAs: null,
};
const endedLink: Link = { ...link, active: false };
const staleLink: Link = { ...link, applied: { ...right, title: 'Miss' } };
function unfinished(kind: Operation['kind'], state: Operation['state'] = 'pending', more: Partial<Operation> = {}): Operation {
  return {
    id: 'operation' as Operation['id'],
    tenantId,
    userId: user.id,
    targetId,
    kind,
    state,
    trigger: 'change',
    serviceProviderId: null,
    attempts: 0,
    dueAt: at,
    leaseOwner: null,
    leaseUntil: null,
    fence: 0,
    nextKind: null,
    mayHaveApplied: false,
    unansweredAt: null,
    failureKind: null,
    failureAttribute: null,
    failureMessage: null,
    heldAt: null,
    createdAt: at,
    settledAt: null,
    ...more,
  };
}

/** What is special about one case; the rest is a login at the portal of a person who is assigned and in sync. */
interface Case {
  readonly trigger?: Trigger;
  readonly user?: Partial<User>;
  readonly groups?: readonly GroupId[];
  readonly target?: Partial<Target>;
  readonly outboundRoles?: readonly GroupId[];
  readonly row?: OutboundRow | null;
  readonly assignments?: readonly Assignment[];
  readonly link?: Link | null;
  readonly unfinished?: Operation | null;
  readonly unsettled?: boolean;
  readonly ending?: boolean;
  /** What every ground that asks is told. */
  readonly rule?: RuleAnswer;
  readonly grounds?: readonly (Ground | null)[];
  readonly mapped?: Mapped;
}

function candidateOf(given: Case): Candidate {
  return {
    target: { ...target, ...given.target },
    identityProvider: {
      ...{ id: target.identityProviderId, name: 'Google', enabled: true, attributeMappings: [], roleMappings: [] },
      outboundRoles: given.outboundRoles ?? [],
    },
    condition: null,
    row: given.row === undefined ? row : given.row,
    assignments: given.assignments ?? [assignment],
    link: given.link === undefined ? link : given.link,
    unsettled: given.unsettled ?? false,
    unfinished: given.unfinished ?? null,
    ...(given.grounds ? { grounds: given.grounds } : {}),
    userIdClaim: null,
  };
}
function inputOf(given: Case, candidates: readonly Candidate[]): PlanInput {
  const trigger = given.trigger ?? 'login';
  const person = { ...user, ...given.user };
  return {
    trigger,
    serviceProvider: trigger === 'change' || trigger === 'removal' ? null : { id: portal, name: 'Portal' },
    endingTargetIds: given.ending ? [targetId] : [],
    user: person,
    groupIds: given.groups ?? [],
    candidates,
    accountOf: (candidate) =>
      candidate.target.connectorType === 'known' ? { specs, mapped: given.mapped ?? mapAccount(specs, person) } : null,
    ruleFor: () => ({ answer: given.rule ?? 'no-published-policy', details: () => noDetails }),
  };
}
function plan(given: Case): PlannedTarget {
  return planProvisioning(inputOf(given, [candidateOf(given)]))[0]!;
}

const noDetails: RuleDetails = { policy: null, ruleId: null, problem: null, policies: [], attributes: [], obligations: [], advice: [] };
const unassigned = { assignments: [], link: null } as const;
const enabledRules = { ...row, enableRules: true };

describe('an account is to be made right', () => {
  const cases: readonly (Case & { name: string; reason: PlanReason })[] = [
    { name: 'where an assigned person has none', link: null, reason: 'needs-account' },
    { name: 'at the first login through a row with JIT outbound', ...unassigned, reason: 'needs-account' },
    {
      name: 'at registration, whatever the row says about JIT outbound',
      ...unassigned,
      trigger: 'registration',
      row: { ...row, jitOutbound: false },
      reason: 'needs-account',
    },
    {
      name: 'when an operator asks, whatever the row says about JIT outbound',
      ...unassigned,
      trigger: 'operator',
      row: { ...row, jitOutbound: false },
      reason: 'needs-account',
    },
    { name: 'where it differs from the user', link: staleLink, reason: 'differs' },
    { name: 'after a change, without any row: the assignment routes', trigger: 'change', row: null, link: staleLink, reason: 'differs' },
    {
      name: 'where a required attribute is missing, so that the attempt says so',
      user: { attributes: { title: ['Countess'] } },
      reason: 'differs',
    },
    { name: 'where it was ended before and the person is wanted there again', link: endedLink, reason: 'inactive-account' },
    {
      name: 'where it is about to be ended by an operation that still waits',
      unfinished: unfinished('deprovision'),
      reason: 'inactive-account',
    },
    { name: 'when an operator asks although nothing differs', trigger: 'operator', reason: 'asked-by-operator' },
    {
      name: 'once more where an attempt is running that began with what the user was before',
      trigger: 'change',
      unfinished: unfinished('provision', 'running'),
      reason: 'attempt-unsettled',
    },
    {
      name: 'where a write without an answer may have landed',
      unfinished: unfinished('provision', 'pending', { mayHaveApplied: true }),
      reason: 'attempt-unsettled',
    },
    { name: 'where the rules permit it', row: enabledRules, rule: 'permit', link: null, reason: 'needs-account' },
    { name: 'where the person has the outbound role', outboundRoles: [staff], groups: [staff], link: null, reason: 'needs-account' },
    { name: 'at a disabled target as well: the operation waits there', target: { enabled: false }, link: null, reason: 'needs-account' },
  ];
  test.each(cases)('$name', (given) => {
    expect(plan(given)).toMatchObject({ operation: 'provision', reason: given.reason });
  });
});

describe('an account is to be ended', () => {
  const gone = { user: { active: false, removedAt: at } } as const;
  const cases: readonly (Case & { name: string; reason: PlanReason })[] = [
    { name: 'when the user is removed', ...gone, trigger: 'removal', row: null, reason: 'user-removed' },
    {
      name: 'when the user is removed and nobody assigns them any more',
      ...gone,
      assignments: [],
      trigger: 'removal',
      reason: 'user-removed',
    },
    {
      name: 'when the user is removed before the account was made',
      ...gone,
      link: null,
      unfinished: unfinished('provision'),
      trigger: 'removal',
      reason: 'user-removed',
    },
    {
      name: 'when the user is removed although the account ended before: the link goes, so that the account can be found again',
      ...gone,
      link: endedLink,
      trigger: 'removal',
      reason: 'user-removed',
    },
    {
      name: 'when the user is removed although accounts stay there: the link goes',
      ...gone,
      target: { removal: 'leave' },
      trigger: 'removal',
      reason: 'user-removed',
    },
    { name: 'when the user is deactivated', user: { active: false }, trigger: 'change', row: null, reason: 'user-inactive' },
    { name: 'when the last assignment goes', assignments: [], ending: true, trigger: 'removal', reason: 'assignment-removed' },
    {
      name: 'when the last assignment goes while the account is being made',
      assignments: [],
      link: null,
      unfinished: unfinished('provision', 'running'),
      ending: true,
      trigger: 'removal',
      reason: 'assignment-removed',
    },
    { name: 'when the person leaves the outbound role', outboundRoles: [staff], trigger: 'change', reason: 'left-outbound-role' },
    {
      name: 'when the person leaves the outbound role before the account was made',
      outboundRoles: [staff],
      link: null,
      unfinished: unfinished('provision'),
      trigger: 'change',
      reason: 'left-outbound-role',
    },
    {
      name: 'when the person leaves the outbound role while an account is to be made after its end',
      outboundRoles: [staff],
      link: null,
      unfinished: { ...unfinished('deprovision', 'running'), nextKind: 'provision' },
      trigger: 'change',
      reason: 'left-outbound-role',
    },
    { name: 'when the connector is being removed', target: { removalAskedAt: at }, trigger: 'change', reason: 'connector-being-removed' },
    {
      name: 'when the connector is being removed and nobody knows whether the account was made',
      target: { removalAskedAt: at },
      link: null,
      unsettled: true,
      trigger: 'operator',
      reason: 'connector-being-removed',
    },
    {
      name: 'when the connector is being removed, whatever an operator asks',
      target: { removalAskedAt: at },
      trigger: 'operator',
      reason: 'connector-being-removed',
    },
    {
      name: 'where accounts stay, as far as one that still waits to be made is called off',
      target: { removal: 'leave' },
      link: null,
      unfinished: unfinished('provision'),
      assignments: [],
      ending: true,
      trigger: 'removal',
      reason: 'assignment-removed',
    },
    {
      name: 'for good where it was only deactivated and the removed user has accounts deleted',
      user: { active: false, removedAt: new Date('2026-01-01') },
      link: endedLink,
      target: { removal: 'delete' },
      trigger: 'change',
      reason: 'user-removed',
    },
  ];
  test.each(cases)('$name', (given) => {
    expect(plan(given)).toMatchObject({ operation: 'deprovision', reason: given.reason, assign: false, holdsLogin: false });
  });
  test('not a second time where a user is only deactivated, even if removals delete', () => {
    const given = { user: { active: false }, link: endedLink, target: { removal: 'delete' }, trigger: 'change' } as const;
    expect(plan(given)).toMatchObject({ operation: null, reason: 'in-sync' });
  });
});

describe('nothing is done', () => {
  const cases: readonly (Case & { name: string; reason: PlanReason })[] = [
    { name: 'where the account is right', reason: 'in-sync' },
    {
      name: 'where the account is right and an operation that waits will find that',
      unfinished: unfinished('provision'),
      reason: 'in-sync',
    },
    { name: 'where the account of an inactive user is deactivated already', user: { active: false }, link: endedLink, reason: 'in-sync' },
    {
      name: 'at a login through a row without JIT outbound',
      ...unassigned,
      row: { ...row, jitOutbound: false },
      reason: 'jit-outbound-off',
    },
    {
      name: 'at a login through a blocking row without JIT outbound',
      ...unassigned,
      row: { ...blocking, jitOutbound: false },
      reason: 'jit-outbound-off',
    },
    { name: 'after a change of a person whom nobody assigned', ...unassigned, trigger: 'change', reason: 'not-assigned' },
    { name: 'with the account of a person whom nobody assigns any more', assignments: [], row: null, reason: 'not-assigned' },
    {
      name: 'for a person outside the outbound role who has no account',
      ...unassigned,
      outboundRoles: [staff],
      reason: 'not-in-outbound-role',
    },
    { name: 'by an enabled rule while no policy is published', row: enabledRules, link: null, reason: 'no-published-policy' },
    { name: 'where the rules deny it', row: enabledRules, rule: 'deny', link: null, reason: 'rule-denied' },
    { name: 'for a removed user without an account', user: { active: false, removedAt: at }, link: null, reason: 'no-account' },
    { name: 'for an inactive user without an account', user: { active: false }, link: null, reason: 'no-account' },
    {
      name: 'for new people at a connector that is being removed',
      ...unassigned,
      target: { removalAskedAt: at },
      reason: 'connector-being-removed',
    },
    {
      name: 'where the target leaves accounts alone',
      user: { active: false },
      target: { removal: 'leave' },
      reason: 'removal-leaves-account',
    },
    {
      name: 'by a connector that this release does not know',
      target: { connectorType: 'unknown' },
      link: null,
      reason: 'connector-unknown',
    },
  ];
  test.each(cases)('$name', (given) => {
    expect(plan(given)).toMatchObject({ operation: null, reason: given.reason, holdsLogin: false });
  });
});

describe('the gates are asked in order', () => {
  const everyGateShut: Case = {
    user: { active: false, removedAt: at },
    target: { removalAskedAt: at, connectorType: 'unknown' },
    outboundRoles: [staff],
    row: enabledRules,
    rule: 'deny',
    assignments: [],
    ending: true,
  };
  const order: readonly (Case & { name: string; reason: PlanReason })[] = [
    { name: 'a removed user comes before everything', reason: 'user-removed' },
    { name: 'then a connector that is being removed', user: {}, reason: 'connector-being-removed' },
    {
      name: 'then the last assignment that goes',
      user: { active: false },
      target: { connectorType: 'unknown' },
      reason: 'assignment-removed',
    },
    {
      name: 'then whether the user is active',
      user: { active: false },
      target: { connectorType: 'unknown' },
      ending: false,
      reason: 'user-inactive',
    },
    { name: 'then the outbound role', user: {}, target: { connectorType: 'unknown' }, ending: false, reason: 'left-outbound-role' },
    { name: 'then the rule', user: {}, target: { connectorType: 'unknown' }, ending: false, groups: [staff], reason: 'rule-denied' },
    {
      name: 'then the connector',
      user: {},
      target: { connectorType: 'unknown' },
      ending: false,
      groups: [staff],
      rule: 'permit',
      reason: 'connector-unknown',
    },
  ];
  test.each(order)('$name', (given) => {
    expect(plan({ ...everyGateShut, ...given }).reason).toBe(given.reason);
  });

  test('a rule is not asked where Enable Rules is off or an earlier gate is shut', () => {
    const ruleFor = (): never => {
      throw new Error('asked');
    };
    const off = candidateOf({ link: null });
    const shut = candidateOf({ row: enabledRules, outboundRoles: [staff], ...unassigned });
    const decisions = planProvisioning({ ...inputOf({}, [off, shut]), ruleFor });
    expect(decisions.map((decision) => decision.rule)).toEqual([null, null]);
  });

  test('an account is ended without asking the rules', () => {
    expect(plan({ row: enabledRules, user: { active: false } })).toMatchObject({ operation: 'deprovision', rule: null });
  });
});

describe('a person comes to belong at a target', () => {
  test('because of the service provider whose row asks for it', () => {
    expect(plan(unassigned).assign).toBe(true);
  });

  test('because of a service provider that inherits the row of the tenant', () => {
    expect(plan({ ...unassigned, row: { ...row, serviceProviderId: null } })).toMatchObject({ assign: true, reason: 'needs-account' });
  });

  test('a second time because of a second service provider, with no operation where the account is right', () => {
    expect(plan({ assignments: [assignedBy(shop)] })).toMatchObject({ assign: true, operation: null, reason: 'in-sync' });
  });

  test("because of the service provider although the tenant's defaults assigned them before", () => {
    expect(plan({ assignments: [assignedBy(null)] }).assign).toBe(true);
  });

  test.each([
    { name: 'not twice because of one service provider', given: {} },
    { name: 'not by a change', given: { trigger: 'change' } },
    { name: 'not at a login without JIT outbound', given: { assignments: [assignedBy(shop)], row: { ...row, jitOutbound: false } } },
    { name: 'not while inactive', given: { ...unassigned, user: { active: false } } },
    { name: 'not at a connector that is being removed', given: { ...unassigned, target: { removalAskedAt: at } } },
  ] as const satisfies readonly { name: string; given: Case }[])('$name', ({ given }) => {
    expect(plan(given).assign).toBe(false);
  });

  // So that the change which opens the gate finds them.
  test.each([
    { name: 'also where the rules deny it', given: { ...unassigned, row: enabledRules, rule: 'deny' } },
    { name: 'also where no policy is published', given: { ...unassigned, row: enabledRules, rule: 'no-published-policy' } },
    { name: 'also outside the outbound role', given: { ...unassigned, outboundRoles: [staff] } },
  ] as const satisfies readonly { name: string; given: Case }[])('$name, without an operation', ({ given }) => {
    expect(plan(given)).toMatchObject({ assign: true, operation: null, holdsLogin: false });
  });
});

const groundOf = (id: ServiceProviderId, more: Partial<OutboundRow> = {}): Ground => ({
  serviceProvider: { id, name: id },
  row: { ...enabledRules, serviceProviderId: id, ...more },
});

describe('the rules', () => {
  const changed = { trigger: 'change', row: null, grounds: [groundOf(portal)] } as const;
  test.each([
    { name: 'are asked before an account is changed', given: changed, rule: 'permit', operation: null, reason: 'in-sync' },
    { name: 'end the account of whom they come to deny', given: changed, rule: 'deny', operation: 'deprovision', reason: 'rule-denied' },
    {
      name: 'end it where none of them says anything',
      given: changed,
      rule: 'not-applicable',
      operation: 'deprovision',
      reason: 'rule-not-applicable',
    },
    { name: 'end nothing by a fault', given: changed, rule: 'indeterminate', operation: null, reason: 'rule-indeterminate' },
    {
      name: 'end nothing while no policy is published',
      given: changed,
      rule: 'no-published-policy',
      operation: null,
      reason: 'no-published-policy',
    },
    {
      name: 'leave the account where the row says so',
      given: { ...changed, grounds: [groundOf(portal, { accountsOfDenied: 'leave' })] },
      ...{ rule: 'deny', operation: null, reason: 'rule-denied' },
    },
    {
      name: 'let pass of whom nothing is said where the row says so',
      given: { ...changed, link: staleLink, grounds: [groundOf(portal, { whenNotApplicable: 'permit' })] },
      ...{ rule: 'not-applicable', operation: 'provision', reason: 'differs' },
    },
    {
      name: 'are overruled by another service provider that asks none',
      given: { ...changed, link: staleLink, assignments: [assignment, assignedBy(shop)], grounds: [groundOf(portal), null] },
      ...{ rule: 'deny', operation: 'provision', reason: 'differs' },
    },
    {
      name: 'of a login do not end what another service provider gives',
      given: { row: enabledRules, link: staleLink, assignments: [assignedBy(shop)], grounds: [null] },
      ...{ rule: 'deny', operation: 'provision', reason: 'differs' },
    },
    {
      name: 'call off an account in the making',
      given: { ...changed, link: null, unfinished: unfinished('provision') },
      ...{ rule: 'deny', operation: 'deprovision', reason: 'rule-denied' },
    },
    {
      name: 'call it off also by a fault, which ends nothing else',
      given: { ...changed, link: null, unfinished: unfinished('provision') },
      ...{ rule: 'indeterminate', operation: 'deprovision', reason: 'rule-indeterminate' },
    },
    {
      name: 'call it off also where accounts are left as they are',
      given: { ...changed, link: null, unfinished: unfinished('provision'), grounds: [groundOf(portal, { accountsOfDenied: 'leave' })] },
      ...{ rule: 'deny', operation: 'deprovision', reason: 'rule-denied' },
    },
    {
      name: 'do not stand in the way of an end',
      given: { ...changed, user: { active: false } },
      ...{ rule: 'deny', operation: 'deprovision', reason: 'user-inactive' },
    },
    {
      name: 'keep an account from ending where the row lets them',
      given: { ...changed, user: { active: false }, grounds: [groundOf(portal, { rulesOnRemoval: true })] },
      ...{ rule: 'deny', operation: null, reason: 'removal-denied' },
    },
    {
      name: 'keep none by a fault',
      given: { ...changed, user: { active: false }, grounds: [groundOf(portal, { rulesOnRemoval: true })] },
      ...{ rule: 'indeterminate', operation: 'deprovision', reason: 'user-inactive' },
    },
    {
      name: 'never keep the account of somebody who was removed',
      given: { ...changed, user: { removedAt: at }, grounds: [groundOf(portal, { rulesOnRemoval: true })] },
      ...{ rule: 'deny', operation: 'deprovision', reason: 'user-removed' },
    },
    {
      name: 'keep it when the assignment goes that its row is for',
      given: { trigger: 'removal', assignments: [], ending: true, row: { ...enabledRules, rulesOnRemoval: true }, grounds: [] },
      ...{ rule: 'deny', operation: null, reason: 'removal-denied' },
    },
  ] as const satisfies readonly { name: string; given: Case; rule: RuleAnswer; operation: string | null; reason: PlanReason }[])(
    '$name',
    ({ given, rule, operation, reason }) => {
      expect(plan({ ...given, rule })).toMatchObject({ operation, reason });
    },
  );

  const admits = { row: { ...enabledRules, blocking: true, requireProvisioned: true }, ...unassigned };
  test.each([
    { name: 'refuses whom the rules deny', given: { ...admits, rule: 'deny' }, refuses: true },
    { name: 'refuses whom a fault of the rules keeps out', given: { ...admits, rule: 'indeterminate' }, refuses: true },
    { name: 'refuses who is not in the outbound role', given: { ...admits, outboundRoles: [staff], rule: 'permit' }, refuses: true },
    { name: 'holds whom the rules permit', given: { ...admits, rule: 'permit' }, refuses: false },
    {
      name: 'lets in whom the rules deny where the row does not say so',
      given: { ...admits, row: enabledRules, rule: 'deny' },
      refuses: false,
    },
    { name: 'is not asked by a change', given: { ...admits, trigger: 'registration', rule: 'deny' }, refuses: false },
  ] as const satisfies readonly { name: string; given: Case; refuses: boolean }[])(
    'a login to a service provider that admits only who is provisioned: $name',
    ({ given, refuses }) => {
      expect(plan(given).refusesLogin).toBe(refuses);
    },
  );
});

describe('a login is held', () => {
  test.each([
    { name: 'by a blocking row whose account is not there yet', given: { ...unassigned, row: blocking } },
    { name: 'by a blocking row that is inherited', given: { ...unassigned, row: { ...blocking, serviceProviderId: null } } },
    {
      name: 'by a blocking row without JIT outbound where the person is assigned and the account differs',
      given: { row: { ...blocking, jitOutbound: false }, link: staleLink },
    },
    { name: 'while somebody else makes the account right', given: { row: blocking, unfinished: unfinished('provision', 'running') } },
    {
      name: 'by a disabled target too: the gate decides what that means',
      given: { row: blocking, link: null, target: { enabled: false } },
    },
  ] as const satisfies readonly { name: string; given: Case }[])('$name', ({ given }) => {
    expect(plan(given)).toMatchObject({ operation: 'provision', holdsLogin: true });
  });

  test.each([
    { name: 'not by a row that does not block', given: unassigned },
    { name: 'not by a blocking row where the account is right', given: { row: blocking } },
    { name: 'not by a target without a row', given: { row: null, link: staleLink } },
    { name: 'not by a blocking row whose rule denies', given: { row: { ...blocking, enableRules: true }, rule: 'deny', link: null } },
    { name: 'not by a registration', given: { ...unassigned, row: blocking, trigger: 'registration' } },
    { name: 'not by an operator', given: { row: blocking, trigger: 'operator' } },
  ] as const satisfies readonly { name: string; given: Case }[])('$name', ({ given }) => {
    expect(plan(given).holdsLogin).toBe(false);
  });
});

describe('the plan shows', () => {
  test('what an update would send, and only that', () => {
    expect(plan({ link: staleLink })).toMatchObject({ difference: { title: 'Countess' }, mapped: { kind: 'mapped', attributes: right } });
  });

  test('no difference where there is no account', () => {
    expect(plan({ link: null })).toMatchObject({ difference: null, mapped: { kind: 'mapped' } });
  });

  test('the required attribute that is missing', () => {
    expect(plan({ link: null, user: { attributes: {} } }).mapped).toEqual({ kind: 'missing', attribute: 'costCentre' });
  });

  test('one decision for each target, in order, none of them bent by its neighbours', () => {
    const candidates = [
      candidateOf({}),
      candidateOf({ link: null }),
      candidateOf(unassigned),
      candidateOf({ target: { connectorType: '?' } }),
    ];
    expect(planProvisioning(inputOf({}, candidates)).map((each) => [each.candidate, each.reason])).toEqual([
      [candidates[0], 'in-sync'],
      [candidates[1], 'needs-account'],
      [candidates[2], 'needs-account'],
      [candidates[3], 'connector-unknown'],
    ]);
  });
});

describe('whatever the settings', () => {
  const anyCase: fc.Arbitrary<Case> = fc.record({
    trigger: fc.constantFrom<Trigger>('login', 'registration', 'change', 'removal', 'operator'),
    user: fc.constantFrom<Partial<User>>({}, { active: false }, { active: false, removedAt: at }, { attributes: {} }),
    groups: fc.constantFrom([], [staff]),
    outboundRoles: fc.constantFrom([], [staff]),
    target: fc.record({
      removal: fc.constantFrom<Target['removal']>('deactivate', 'delete', 'leave'),
      removalAskedAt: fc.constantFrom(null, at),
      connectorType: fc.constantFrom('known', 'unknown'),
      enabled: fc.boolean(),
    }),
    row: fc.option(
      fc
        .record({ blocking: fc.boolean(), enableRules: fc.boolean(), jitOutbound: fc.boolean() })
        .map((more): OutboundRow => ({ ...row, ...more })),
      { nil: null },
    ),
    assignments: fc.subarray([assignedBy(portal), assignedBy(shop), assignedBy(null)]),
    link: fc.constantFrom(null, link, staleLink, endedLink),
    unfinished: fc.constantFrom(null, unfinished('provision'), unfinished('provision', 'running'), unfinished('deprovision')),
    ending: fc.boolean(),
    rule: fc.constantFrom<RuleAnswer>(...ruleAnswers),
  });

  test('only a login that waits for an account in the making is held', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const planned = plan(given);
        if (!planned.holdsLogin) return;
        expect([given.trigger, planned.operation, given.row?.blocking]).toEqual(['login', 'provision', true]);
      }),
    );
  });

  test('nobody who is inactive, removed or at a leaving connector gets or keeps an account on purpose', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const planned = plan(given);
        const out = given.user?.active === false || given.target?.removalAskedAt;
        if (out) expect([planned.operation === 'provision', planned.assign]).toEqual([false, false]);
      }),
    );
  });

  test('an account is neither made nor ended for a person without row and assignment, unless an assignment just went', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const planned = plan({ ...given, user: {}, target: { removal: 'delete' }, row: null, assignments: [], ending: false });
        expect([planned.operation, planned.reason]).toEqual([null, 'not-assigned']);
      }),
    );
  });

  test('no plan leaves a provision waiting for somebody whose account is to end', () => {
    fc.assert(
      fc.property(anyCase, fc.constantFrom('pending' as const, 'running' as const), (given, state) => {
        const planned = plan({ ...given, user: { active: false }, unfinished: unfinished('provision', state) });
        if ((given.assignments ?? []).length > 0) expect(planned.operation).toBe('deprovision');
      }),
    );
  });
});
