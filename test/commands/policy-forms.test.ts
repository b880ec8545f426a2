import { describe, expect, test } from 'vitest';
import { judgeOf } from '../../src/commands/decision-point.ts';
import { formOfPolicy } from '../../src/commands/policy-form.ts';
import { problemsOfXml } from '../../src/commands/policy-content.ts';
import { digestOf } from '../../src/commands/policy-digest.ts';
import type { ProvisioningView, RuleQuestion } from '../../src/commands/ports.ts';
import { formProblems, policyOf, policyTemplates, type PolicyForm } from '../../src/domain/policy-form.ts';
import type { PolicyId } from '../../src/domain/vocabulary.ts';

const nothing = { serviceProviderIds: [], identityProviderIds: [], roles: [], groupIds: [], attributes: [], emailDomains: [], hours: null };
const office = { from: '09:00:00', to: '17:00:00', weekdays: [] };
const forms: Readonly<Record<PolicyForm['template'], PolicyForm>> = {
  role: { ...nothing, template: 'role', roles: ['Engineering', 'R&D "north" <1>'] },
  group: { ...nothing, template: 'group', groupIds: ['group-1'], serviceProviderIds: ['portal', 'shop'], identityProviderIds: ['google'] },
  attribute: {
    ...nothing,
    template: 'attribute',
    attributes: [
      { name: 'department', values: ['Sales', 'Support'] },
      { name: 'country', values: ['AT'] },
    ],
  },
  'email-domain': { ...nothing, template: 'email-domain', emailDomains: ['example.com', 'example.org'] },
  time: { ...nothing, template: 'time', hours: { ...office, weekdays: ['monday', 'friday'] } },
  'time-and-role': { ...nothing, template: 'time-and-role', hours: office, roles: ['Engineering'] },
  'time-and-attribute': { ...nothing, template: 'time-and-attribute', hours: office, attributes: [{ name: 'level', values: ['7'] }] },
};

interface Case {
  readonly form: PolicyForm;
  readonly attributes?: Readonly<Record<string, readonly (string | number)[]>>;
  readonly groups?: readonly { readonly id: string; readonly name: string }[];
  /** A Monday where it is not said. UTC. */
  readonly at?: string;
  readonly timeZone?: string;
  readonly serviceProvider?: string;
}
function answer({
  form,
  attributes = {},
  groups = [],
  at = '2026-03-02T12:00:00Z',
  timeZone = 'UTC',
  serviceProvider = 'portal',
}: Case): string {
  const xml = policyOf('urn:test', form);
  const policy = { id: 'policy' as PolicyId, name: 'Policy', version: 1, xml, referencedOnly: false, position: 1 };
  const { judge } = judgeOf({ combining: 'deny-overrides', timeZone, policies: [policy] });
  const view = {
    user: { id: 'user', userName: 'lin', attributes, selfRegistered: false },
    surroundings: { tenant: 'acme', userStore: 'PRIMARY', groups },
  } as unknown as ProvisioningView;
  const question = {
    candidate: { identityProvider: { id: 'google', name: 'Google' }, target: { id: 'target', name: 'Workspace', connectorType: 'google' } },
    ground: { serviceProvider: { id: serviceProvider, name: 'Portal' }, row: {} },
    ...{ operation: 'create', trigger: 'login', now: new Date(at) },
  } as unknown as RuleQuestion;
  return judge(view, question).answer;
}

describe('a form', () => {
  test.each(policyTemplates)('of the template %s makes a policy that reads, and is made of it again', (template) => {
    const form = forms[template];
    expect(formProblems(form)).toEqual([]);
    const xml = policyOf('urn:test:policy', form);
    expect(problemsOfXml(xml)).toEqual([]);
    expect(formOfPolicy(xml)).toEqual(form);
  });

  test('is not made of a policy that says anything else', () => {
    const xml = policyOf('urn:test:policy', forms.role);
    expect(formOfPolicy(xml.replace('Effect="Deny"', 'Effect="Permit"'))).toBeNull();
    expect(formOfPolicy(xml.replace('string-at-least-one-member-of', 'string-set-equals'))).toBeNull();
    expect(formOfPolicy('no XML')).toBeNull();
  });

  test('says what it lacks, what it does not ask for and what is no value', () => {
    const wrong: PolicyForm = { ...forms.time, roles: ['Staff'], hours: { from: '9:00', to: '25:00:00', weekdays: [] } };
    expect(formProblems(wrong).map(({ path }) => path)).toEqual([['roles'], ['hours', 'from'], ['hours', 'to']]);
    expect(formProblems({ ...nothing, template: 'email-domain', emailDomains: ['@x'] })).toMatchObject([{ path: ['emailDomains', '0'] }]);
    expect(formProblems({ ...nothing, template: 'attribute' })).toMatchObject([
      { path: ['attributes'], message: 'This template needs it.' },
    ]);
  });

  test('holds no character that XML cannot hold, and says where it is', () => {
    const attributes = [{ name: 'level', values: ['7', 'bell \u0007', 'half \ud800'] }];
    const wrong: PolicyForm = { ...nothing, template: 'attribute', attributes, serviceProviderIds: ['one', '\uFFFE'] };
    expect(formProblems(wrong).map(({ path }) => path.join('.'))).toEqual([
      'serviceProviderIds.1',
      'attributes.0.values.1',
      'attributes.0.values.2',
    ]);
    expect(formProblems({ ...nothing, template: 'role', roles: ['Straße 🚀', 'two\nlines'] })).toMatchObject([{ path: ['roles', '1'] }]);
  });
});

describe('a policy that a form made', () => {
  const engineering = [{ id: 'group-1', name: 'Engineering' }];
  test.each<[string, Case, string]>([
    ['permits who is in one of the groups by name', { form: forms.role, groups: engineering }, 'permit'],
    ['denies who is in none of them', { form: forms.role, groups: [{ id: 'group-1', name: 'engineering' }] }, 'deny'],
    [
      'permits who is in one of the groups, whatever it is called',
      { form: forms.group, groups: [{ id: 'group-1', name: 'New name' }] },
      'permit',
    ],
    ['says nothing of other service providers', { form: forms.group, groups: engineering, serviceProvider: 'else' }, 'not-applicable'],
    [
      'permits who has one value of each attribute',
      { form: forms.attribute, attributes: { department: ['Support'], country: ['DE', 'AT'] } },
      'permit',
    ],
    ['denies who lacks an attribute, which is no fault', { form: forms.attribute, attributes: { department: ['Support'] } }, 'deny'],
    ['permits an address at a domain, in any case', { form: forms['email-domain'], attributes: { email: ['Lin@Example.COM'] } }, 'permit'],
    ['denies one at a domain below it', { form: forms['email-domain'], attributes: { email: ['lin@sub.example.com'] } }, 'deny'],
    ['permits at the hours', { form: forms.time, at: '2026-03-02T09:00:00Z' }, 'permit'],
    ['denies before them', { form: forms.time, at: '2026-03-02T08:59:59Z' }, 'deny'],
    ['sees the clock of the tenant', { form: forms.time, at: '2026-03-02T08:30:00Z', timeZone: 'Europe/Vienna' }, 'permit'],
    ['denies on other days', { form: forms.time, at: '2026-03-03T12:00:00Z' }, 'deny'],
    ['wants both the hours and the group', { form: forms['time-and-role'], groups: engineering, at: '2026-03-02T20:00:00Z' }, 'deny'],
    ['compares numbers as texts', { form: forms['time-and-attribute'], attributes: { level: [7] } }, 'permit'],
    [
      'goes over midnight where it begins later than it ends',
      { form: { ...forms.time, hours: { from: '22:00:00', to: '06:00:00', weekdays: [] } }, at: '2026-03-02T23:00:00Z' },
      'permit',
    ],
  ])('%s', (_name, given, expected) => {
    expect(answer(given)).toBe(expected);
  });

  test('warns that it would deny removals', () => {
    expect(digestOf(policyOf('urn:test', forms.role)).warnings).toEqual([expect.stringContaining('denies removals.')]);
    expect(digestOf(policyOf('urn:test', forms.group)).warnings).toEqual([expect.stringContaining('denies removals.')]);
    expect(digestOf(policyOf('urn:test', { ...forms.time, hours: office })).warnings).toEqual([
      expect.stringContaining('denies removals at some hours'),
    ]);
  });
});
