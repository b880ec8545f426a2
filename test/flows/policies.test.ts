import { readdirSync, readFileSync } from 'node:fs';
import { parse, validate } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { limitRules } from '../../src/graphql/limits.ts';
import { sha256 } from '../../src/commands/sha256.ts';
import type { KeptDigest } from '../../src/domain/policy-digest.ts';
import type { AccountId, Role, TargetId, UserId } from '../../src/domain/vocabulary.ts';
import { openConfiguration, operations, type Configuration, type ConfiguredTenant } from '../support/configuration.ts';

const policies = operations('policies');
const decisions = operations('rule-decisions');
let configuration: Configuration;
let tenant: ConfiguredTenant;
let now: Date;
beforeAll(async () => {
  configuration = await openConfiguration({ now: () => now });
});
afterAll(() => configuration.close());
beforeEach(async () => {
  now = new Date('2026-03-02T12:00:00Z');
  tenant = await configuration.tenant();
});

const create = (input: object) => tenant.run(policies('CreatePolicy'), { input });
const publish = ({ id, version }: Seen, activate: boolean | null = true) =>
  tenant.run(policies('PublishPolicy'), { input: { id, version, activate } });
const policy = (id: string) => tenant.run(policies('Policy'), { id });
const rules = () => tenant.run(policies('Rules'));
const seen = ({ id, version }: Seen) => ({ input: { id, version } });
interface Seen {
  readonly id: string;
  readonly version: number;
}

const onlyRole = (name: string) => ({ template: 'ROLE', roles: [name] });
const everybody = (id: string, effect = 'Permit') =>
  `<Policy xmlns="urn:oasis:names:tc:xacml:3.0:core:schema:wd-17" PolicyId="${id}" Version="1.0" RuleCombiningAlgId="urn:oasis:names:tc:xacml:1.0:rule-combining-algorithm:first-applicable">
  <Target/>
  <Rule RuleId="all" Effect="${effect}"/>
</Policy>`;
const referringTo = (id: string) =>
  `<PolicySet xmlns="urn:oasis:names:tc:xacml:3.0:core:schema:wd-17" PolicySetId="set" Version="1.0" PolicyCombiningAlgId="urn:oasis:names:tc:xacml:3.0:policy-combining-algorithm:deny-overrides">
  <Target/>
  <PolicyIdReference>${id}</PolicyIdReference>
</PolicySet>`;

describe('a policy', () => {
  test('is drafted, published, put into force, changed, restored and removed, and tells who did it', async () => {
    const made = await create({ name: 'Who may', description: 'Staff', form: onlyRole('Staff') });
    expect(made).toMatchObject({ active: false, position: 1, version: 1, published: null, draftedBy: 'administrator:test' });
    expect(made.draft).toContain('PolicyId="urn:usher:policy:');
    expect(made.draftForm).toMatchObject({ template: 'ROLE', roles: ['Staff'], hours: null });

    const published = await publish(made, null);
    expect(published).toMatchObject({ active: false, draft: null, draftForm: null, draftedBy: null, draftedAt: null });
    expect(published.published).toMatchObject({ number: 1, publishedBy: 'administrator:test' });
    const active = await tenant.run(policies('ActivatePolicy'), seen(published));
    expect([active.active, (await rules()).policiesInForce]).toEqual([true, 1]);

    const changed = await tenant.run(policies('ChangePolicy'), { input: { ...seen(active).input, xml: everybody('hand-made') } });
    expect(changed).toMatchObject({ draftForm: null, published: { number: 1 }, active: true });
    const again = await publish(changed, null);
    expect(again.published.number).toBe(2);
    const { versions } = await tenant.run(policies('PolicyVersions'), { id: made.id });
    expect(versions.edges.map((edge: any) => [edge.node.number, edge.node.form?.roles ?? null])).toEqual([
      [2, null],
      [1, ['Staff']],
    ]);

    const restored = await tenant.run(policies('RestorePolicyVersion'), { input: { ...seen(again).input, number: 1 } });
    expect(restored).toMatchObject({ draft: made.draft, draftForm: made.draftForm, published: { number: 2 } });
    const inactive = await tenant.run(policies('DeactivatePolicy'), seen(restored));
    expect(inactive.active).toBe(false);
    expect(await tenant.run(policies('RemovePolicy'), seen(inactive))).toEqual({ __typename: 'Removed', id: made.id });
    expect(await policy(made.id)).toBeNull();
    expect((await tenant.events()).filter((type) => type.startsWith('policy.'))).toEqual([
      'policy.drafted',
      'policy.published',
      'policy.activated',
      'policy.drafted',
      'policy.published',
      'policy.drafted',
      'policy.deactivated',
      'policy.removed',
    ]);
  });

  test('is told with what is in it, in words', async () => {
    const form = { ...onlyRole('Staff'), serviceProviderIds: [(await portal()).id] };
    const { draftSummary } = await policy((await create({ name: 'Who may', form })).id);
    expect(draftSummary).toMatchObject({
      description: expect.stringContaining('Staff'),
      target: [`sp:id string-equal "${form.serviceProviderIds[0]}"`],
      rules: [
        { id: 'permit', effect: 'Permit', condition: expect.stringContaining('"Staff"') },
        { id: 'deny-the-others', effect: 'Deny', condition: null },
      ],
    });
  });

  test('is read for what is in it when it is saved, not when it is listed; what an older release saved is read when it is asked for', async () => {
    const made = await publish(await create({ name: 'Who may', xml: everybody('all') }));
    const drafted = await tenant.run(policies('ChangePolicy'), { input: { ...seen(made).input, xml: everybody('none', 'Deny') } });
    const summaries = 'query($id: ID!) { policy(id: $id) { versions(first: 1) { edges { node { summary { policyId } } } } } }';
    const shown = async () => {
      const { draftSummary, warnings } = await policy(drafted.id);
      const { versions } = await tenant.run(summaries, { id: drafted.id });
      return [draftSummary?.policyId ?? null, warnings, versions.edges[0].node.summary?.policyId ?? null];
    };
    const denies = expect.stringContaining('denies removals');
    expect(await shown()).toEqual(['none', [denies], 'all']);
    const keep = (digest: (text: string) => KeptDigest | null) =>
      configuration.database.transaction(tenant.tenantId, async (tx) => {
        const [version] = await tx.find('policyVersion', { policyId: drafted.id });
        await tx.change('policy', drafted.id, { draftDigest: digest(drafted.draft) });
        await tx.change('policyVersion', version!.id, { digest: digest(version!.xml) });
      });
    await keep((text) => ({ summary: null, warnings: ['As it was kept.'], sha256: sha256(text) }));
    expect(await shown()).toEqual([null, ['As it was kept.'], null]);
    await keep(() => null);
    expect(await shown()).toEqual(['none', [denies], 'all']);
  });

  test('is told by its text where an older release changed that and left what was kept of another', async () => {
    const made = await create({ name: 'Who may', xml: everybody('all') });
    const kept = async (table: string, column: string) =>
      (
        await configuration.database.query(`select ${column}->'summary'->>'policyId' as id from ${table} where tenant_id = $1`, [
          tenant.tenantId,
        ])
      ).rows;
    await configuration.database.query('update policy set draft = $1 where id = $2', [everybody('none', 'Deny'), made.id]);
    expect(await kept('policy', 'draft_digest')).toEqual([{ id: 'all' }]);
    const told = {
      warnings: [expect.stringContaining('denies removals')],
      draftSummary: { policyId: 'none', rules: [{ effect: 'Deny' }] },
    };
    expect(await policy(made.id)).toMatchObject(told);
    const published = await publish(made);
    expect(await kept('policy_version', 'digest')).toEqual([{ id: 'none' }]);

    await configuration.database.query('update policy_version set xml = $1 where policy_id = $2', [everybody('some', 'Deny'), made.id]);
    expect(await policy(made.id)).toMatchObject({ warnings: told.warnings, published: { summary: { policyId: 'some' } } });
    await tenant.run(policies('RestorePolicyVersion'), { input: { ...seen(published).input, number: 1 } });
    expect(await kept('policy', 'draft_digest')).toEqual([{ id: 'some' }]);
  });

  test('is listed by name and by whether it is in force', async () => {
    await publish(await create({ name: 'Everybody', xml: everybody('everybody') }));
    await create({ name: 'Nobody', xml: everybody('nobody', 'Deny') });
    const names = async (filter: object) =>
      (await tenant.run(policies('Policies'), { filter })).edges.map((edge: any) => edge.node.name as string);
    expect(await names({})).toEqual(['Everybody', 'Nobody']);
    expect(await names({ nameContains: 'NOBO' })).toEqual(['Nobody']);
    expect([await names({ active: true }), await names({ active: false })]).toEqual([['Everybody'], ['Nobody']]);
  });

  test('that somebody changed in between is neither changed, published, put into force nor removed', async () => {
    const made = await create({ name: 'Who may', form: onlyRole('Staff') });
    const changed = await tenant.run(policies('ChangePolicy'), { input: { ...seen(made).input, description: 'new' } });
    expect(changed).toMatchObject({ version: 2, draft: made.draft });
    const stale = { __typename: 'VersionConflict', path: ['version'], currentVersion: 2 };
    expect(await tenant.run(policies('ChangePolicy'), { input: { ...seen(made).input, name: 'other' } })).toMatchObject(stale);
    expect(await publish(made)).toMatchObject(stale);
    expect(await tenant.run(policies('ActivatePolicy'), seen(made))).toMatchObject(stale);
    expect(await tenant.run(policies('RemovePolicy'), seen(made))).toMatchObject(stale);
    const { published } = await policy(made.id);
    expect(published).toBeNull();
  });

  test('that somebody else has just published is no longer as it was read; who read it since is told that there is no draft', async () => {
    const made = await create({ name: 'Who may', form: onlyRole('Staff') });
    const published = await publish(made);
    expect(await publish(made)).toMatchObject({ __typename: 'VersionConflict', path: ['version'], currentVersion: published.version });
    expect(await publish(published)).toMatchObject({ __typename: 'InvalidInput', path: ['id'] });
  });

  test('has a name that no other has', async () => {
    await create({ name: 'Who may', form: onlyRole('Staff') });
    const refused = await create({ name: 'who MAY', form: onlyRole('Staff') });
    expect(refused).toMatchObject({ __typename: 'NameTaken', path: ['name'] });
  });

  test('of another tenant is none', async () => {
    const made = await create({ name: 'Who may', form: onlyRole('Staff') });
    const elsewhere = await configuration.tenant();
    expect(await elsewhere.run(policies('Policy'), { id: made.id })).toBeNull();
    expect(await elsewhere.run(policies('RemovePolicy'), seen(made))).toMatchObject({ __typename: 'NotFound' });
  });

  test('is changed by administrators and read by viewers', async () => {
    const made = await create({ name: 'Who may', form: onlyRole('Staff') });
    const refused = await tenant.ask(policies('PublishPolicy'), seen(made), 'operator');
    expect(refused.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    expect(await tenant.run(policies('Policy'), { id: made.id }, 'viewer')).toMatchObject({ name: 'Who may', draft: made.draft });
  });
});

describe('a text', () => {
  const broken = everybody('x').replace('<Target/>', '<Target/>\n  <Rule RuleId="?" Effect="Perhaps"/>');

  test('that is no policy is told with the place of what is wrong, and becomes no draft', async () => {
    const { faults, summary, form } = await tenant.run(policies('ValidatePolicy'), { xml: broken });
    expect({ faults, summary, form }).toEqual({
      faults: [{ line: 3, column: expect.any(Number), element: 'Rule', message: expect.stringContaining('Perhaps') }],
      summary: null,
      form: null,
    });
    const told = [
      {
        path: ['xml'],
        message: `Line 3, column ${faults[0].column}: Rule: ${faults[0].message}`,
        fault: { policyId: null, ...faults[0] },
      },
    ];
    expect((await create({ name: 'Broken', xml: broken })).problems).toEqual(told);
    expect((await tenant.run(decisions('TryPolicyOnEverybody'), { trial: { xml: broken } })).problems).toEqual(told);
    expect((await tenant.run(policies('Policies'))).totalCount).toBe(0);
    const made = await create({ name: 'Whole', xml: everybody('x') });
    const change = { ...seen(made).input, xml: broken };
    expect((await tenant.run(policies('ChangePolicy'), { input: change })).problems).toEqual(told);
    expect(await policy(made.id)).toMatchObject({ version: 1, draft: everybody('x') });
  });

  test('that is missing is told without a place', async () => {
    const { problems } = await create({ name: 'Empty', form: { template: 'ROLE', roles: [] } });
    expect(problems).toEqual([{ path: ['form', 'roles'], message: expect.any(String), fault: null }]);
    expect((await tenant.run(policies('Policies'))).totalCount).toBe(0);
  });

  test('or a form is asked for: one of them', async () => {
    expect((await create({ name: 'Neither' })).path).toEqual(['xml']);
    expect((await create({ name: 'Both', xml: everybody('x'), form: onlyRole('Staff') })).path).toEqual(['xml']);
  });

  test('with a document type is not read', async () => {
    const { faults } = await tenant.run(policies('ValidatePolicy'), { xml: `<!DOCTYPE x [<!ENTITY a "b">]>${everybody('&a;')}` });
    expect(faults).toHaveLength(1);
  });
});

describe('policies that refer to each other', () => {
  test('are published only where what they name is there', async () => {
    const set = await create({ name: 'Set', xml: referringTo('inner') });
    const refused = await publish(set);
    expect(refused.problems).toEqual([
      {
        path: ['xml'],
        message: expect.stringMatching(/^Policy "Set": Line 3, column \d+: .*inner/),
        fault: {
          ...{ policyId: set.id, line: 3, column: expect.any(Number), element: 'PolicyIdReference' },
          message: expect.stringMatching(/^There is no policy "inner"/),
        },
      },
    ]);
    expect(await policy(set.id)).toMatchObject({ version: 1, published: null, active: false });

    await publish(await create({ name: 'Inner', xml: everybody('inner'), referencedOnly: true }));
    expect(await publish(set)).toMatchObject({ active: true, published: { number: 1 } });
  });

  test('are neither taken out of force nor removed while another needs them', async () => {
    const inner = await publish(await create({ name: 'Inner', xml: everybody('inner'), referencedOnly: true }));
    const set = await publish(await create({ name: 'Set', xml: referringTo('inner') }));
    for (const mutation of ['DeactivatePolicy', 'RemovePolicy'])
      expect((await tenant.run(policies(mutation), seen(inner))).problems).toEqual([
        { path: ['xml'], message: expect.stringContaining('Policy "Set"'), fault: expect.objectContaining({ policyId: set.id, line: 3 }) },
      ]);
    const tried = await tenant.run(decisions('TryPolicyOnEverybody'), { trial: { policyId: inner.id, xml: everybody('other') } });
    expect(tried.problems).toMatchObject([{ message: expect.stringContaining('Policy "Set"'), fault: { policyId: set.id } }]);
    expect(await policy(inner.id)).toMatchObject({ active: true, version: inner.version });
  });
});

describe('the rules of a tenant', () => {
  test('combine by an algorithm, in an order, in a time zone', async () => {
    const made = await Promise.all(['A', 'B', 'C'].map((name) => create({ name, xml: everybody(name) })));
    const { revision, combining, timeZone } = await rules();
    expect([combining, timeZone]).toEqual(['DENY_OVERRIDES', 'UTC']);
    const order = made.map(({ id }) => id as string).toReversed();
    const input = { revision, order, combining: 'FIRST_APPLICABLE', timeZone: 'Europe/Vienna' };
    const configured = await tenant.run(policies('ConfigureRules'), { input });
    expect(configured).toMatchObject({ combining: 'FIRST_APPLICABLE', timeZone: 'Europe/Vienna', policiesInForce: 0 });
    expect(await rules()).toEqual({ ...(await rules()), revision: configured.revision });
    const positions = await Promise.all(order.map(async (id) => (await policy(id)).position as number));
    expect(positions).toEqual([1, 2, 3]);
    expect(await tenant.run(policies('ConfigureRules'), { input })).toMatchObject({
      ...{ __typename: 'VersionConflict', currentVersion: configured.revision },
    });
  });

  test('take no zone that does not exist, and no order that leaves a policy out', async () => {
    await create({ name: 'A', xml: everybody('A') });
    const { revision } = await rules();
    const refused = (input: object) => tenant.run(policies('ConfigureRules'), { input: { revision, ...input } });
    expect((await refused({ timeZone: 'Mars/Olympus' })).path).toEqual(['timeZone']);
    expect((await refused({ order: [] })).path).toEqual(['order']);
  });
});

describe('a template', () => {
  const hours = { from: '09:00:00', to: '17:30:00', weekdays: ['MONDAY', 'FRIDAY'] };
  const filled = async (): Promise<Readonly<Record<string, unknown>>> => ({
    roles: ['Staff', 'Friends & family'],
    groupIds: [await group('Builders')],
    attributes: [{ name: 'department', values: ['Sales', 'R<D'] }],
    emailDomains: ['example.com', 'example.org'],
    hours,
    serviceProviderIds: [(await portal()).id],
    identityProviderIds: [],
  });
  const none = { serviceProviderIds: [], identityProviderIds: [], roles: [], groupIds: [], attributes: [], emailDomains: [], hours: null };
  const filledIn = async (): Promise<readonly any[]> => {
    const templates: any[] = await tenant.run(policies('PolicyTemplates'));
    const values = await filled();
    return templates.map(({ template, parts }) => ({
      ...none,
      template,
      ...Object.fromEntries(parts.map(({ field }: { field: string }) => [field, values[field]])),
    }));
  };

  test('tells its fields, and what was filled in comes back out of the policy that it made', async () => {
    const forms = await filledIn();
    expect(forms).toHaveLength(7);
    for (const form of forms) {
      const made = await create({ name: form.template, form });
      expect(made.draftForm).toEqual(form);
      // From its text alone, as somebody imports it who has nothing else.
      expect((await create({ name: `${form.template} again`, xml: made.draft })).draftForm).toEqual(form);
      expect((await publish(made, null)).published.number).toBe(1);
      expect((await policy(made.id)).published.form).toEqual(form);
    }
  });

  test('shows the policy it would make, and what is wrong with what was filled in', async () => {
    const shown = await tenant.run(policies('PreviewPolicy'), { form: onlyRole('Staff') }, 'viewer');
    expect(shown).toMatchObject({ summary: { rules: [{ id: 'permit' }, { id: 'deny-the-others' }] } });
    expect((await tenant.run(policies('ValidatePolicy'), { xml: shown.xml })).form).toMatchObject({ roles: ['Staff'] });
    const refused = await tenant.run(policies('PreviewPolicy'), { form: { template: 'TIME', hours: { from: '9', to: '17:00:00' } } });
    expect(refused.problems).toEqual([{ path: ['form', 'hours', 'from'], message: expect.any(String) }]);
    const control = await tenant.run(policies('PreviewPolicy'), { form: onlyRole('bell \u0007') });
    expect(control.problems).toEqual([{ path: ['form', 'roles', '0'], message: expect.stringContaining('character') }]);
  });
});

describe('what a form names', () => {
  const byId = (groupId: string) => ({ template: 'GROUP', groupIds: [groupId] });

  test('by its id is of this tenant, or is refused where it stands', async () => {
    const elsewhere = await group('Builders');
    tenant = await configuration.tenant();
    const here = await group('Builders');
    const form = { template: 'GROUP', groupIds: [here, elsewhere], serviceProviderIds: [elsewhere], identityProviderIds: [here] };
    const unknown = ['groupIds.1', 'serviceProviderIds.0', 'identityProviderIds.0'].map((path) => ({ path: ['form', ...path.split('.')] }));
    expect((await create({ name: 'Builders', form })).problems).toMatchObject(unknown);
    expect((await tenant.run(policies('PreviewPolicy'), { form })).problems).toMatchObject(unknown);
    const made = await create({ name: 'Builders', form: byId(here) });
    expect((await tenant.run(policies('ChangePolicy'), { input: { ...seen(made).input, form } })).problems).toMatchObject(unknown);
    expect((await tenant.run(decisions('TryPolicyOnEverybody'), { trial: { form }, first: 10 })).problems).toMatchObject(unknown);
  });

  test('by a name may come later, and what was removed or imported may be missing: then warnings say so', async () => {
    const form = { template: 'ROLE', roles: ['Staff', 'builders'] };
    await group('Builders');
    const missing = ['Staff', 'builders'].map((name) => expect.stringContaining(`no group called "${name}"`));
    const removal = expect.stringContaining('denies removals');
    expect((await tenant.run(policies('PreviewPolicy'), { form })).warnings).toEqual([removal, ...missing]);
    const { id } = await create({ name: 'Who may', form });
    expect((await policy(id)).warnings).toEqual([removal, ...missing]);
    await group('Staff');
    expect((await policy(id)).warnings).toEqual([removal, missing[1]]);

    const { draft } = await create({ name: 'By id', form: byId(await group('Others')) });
    tenant = await configuration.tenant();
    expect((await tenant.run(policies('ValidatePolicy'), { xml: draft })).warnings).toEqual([
      removal,
      expect.stringMatching(/There is no group ".*" in this tenant/),
    ]);
  });
});

describe('a policy of WSO2 Identity Server', () => {
  const folder = 'test/support/policies';
  const files = readdirSync(folder);
  const imported = (file: string, filledIn: Readonly<Record<string, string>> = {}) =>
    Object.entries(filledIn).reduce((xml, [from, to]) => xml.replaceAll(from, to), readFileSync(`${folder}/${file}.xml`, 'utf8'));

  test.each(files.map((file) => file.replace('.xml', '')))('%s is taken unchanged, and warns that it denies removals', async (file) => {
    const xml = imported(file);
    const { faults, warnings, form } = await tenant.run(policies('ValidatePolicy'), { xml });
    expect({ faults, form, warnings }).toEqual({ faults: [], form: null, warnings: [expect.stringContaining('denies removals')] });
    const made = await create({ name: file, xml });
    expect(made).toMatchObject({ draft: xml, warnings });
    expect(await publish(made)).toMatchObject({ active: true, published: { number: 1 } });
  });

  const names = {
    ...{ SP_NAME: 'Portal', IDP_NAME: 'Staff', ROLE_1: 'Engineers', ROLE_2: 'Directors' },
    ...{ CLAIM_URI_1: 'http://wso2.org/claims/organization', CLAIM_VALUE_1: 'Acme' },
    ...{ CLAIM_URI_2: 'http://wso2.org/claims/country', CLAIM_VALUE_2: 'Austria' },
  };
  const permit = ['PERMIT', 'permit_create', 'PROVISION'];
  const deny = ['DENY', 'deny_all', null];
  // The claims have to be there: the original makes a denial of that fault, and nobody is told.
  const fault = ['INDETERMINATE', 'permit_create', null];
  const anyOperation = ['PERMIT', 'permit_in_office_hours', 'PROVISION'];
  test.each([
    { by: 'role', fits: permit, differs: deny, lacks: deny, fitsAtNight: permit, updates: 'permit_update' },
    { by: 'user-claim', fits: permit, differs: deny, lacks: fault, fitsAtNight: permit, updates: 'permit_update' },
    {
      ...{ by: 'time', fits: anyOperation, differs: anyOperation, lacks: anyOperation, fitsAtNight: deny },
      updates: 'permit_in_office_hours',
    },
    { by: 'time-and-role', fits: permit, differs: deny, lacks: deny, fitsAtNight: deny, updates: 'permit_update' },
    { by: 'time-and-user-claim', fits: permit, differs: deny, lacks: fault, fitsAtNight: deny, updates: 'permit_update' },
  ])('by $by decides as the original means it, in the zone of the tenant', async ({ by, fits, differs, lacks, fitsAtNight, updates }) => {
    const world = await portal();
    await tenant.run(policies('ConfigureRules'), { input: { revision: (await rules()).revision, timeZone: 'Europe/Vienna' } });
    await publish(await create({ name: by, xml: imported(`provisioning-${by}-based`, names) }));
    const fitting = { organization: ['Acme'], country: ['Austria'] };
    const [lin, ada] = [await person('lin', fitting), await person('ada', fitting)];
    const [eve, bob] = [await person('eve', { ...fitting, country: ['Germany'] }), await person('bob')];
    await group('Engineers', lin, ada);
    await group('Others', eve);
    const decided = async (userId: UserId) => {
      await assign(world, userId);
      const { edges } = await tenant.run(decisions('RuleDecisions'), { filter: { userId } });
      return edges.map(({ node }: any) => [node.answer, node.details.ruleId, node.operation?.kind ?? null]);
    };

    // Half past nine in Vienna, and not yet nine in UTC.
    now = new Date('2026-03-02T08:30:00Z');
    expect([await decided(lin), await decided(eve), await decided(bob)]).toEqual([[fits], [differs], [lacks]]);
    await link(world, lin);
    expect(await explained(world, lin)).toMatchObject({ rule: 'PERMIT', operation: 'PROVISION', ruleDetails: { ruleId: updates } });
    // Half past five in Vienna, and not yet five in UTC.
    now = new Date('2026-03-02T16:30:00Z');
    expect(await decided(ada)).toEqual([fitsAtNight]);
    const [rule, ruleId] = fitsAtNight === deny ? ['DENY', 'deny_all'] : ['PERMIT', updates];
    expect(await explained(world, lin)).toMatchObject({ rule, ruleDetails: { ruleId } });
    await tenant.run(operations('users')('DeactivateUser'), { input: { id: lin } });
    expect(await explained(world, lin)).toMatchObject({ rule: null, operation: 'DEPROVISION', reason: 'USER_INACTIVE' });
  });

  test('by role provisions who has the role, ends the account of who loses it, and stops no removal', async () => {
    const world = await portal();
    const xml = imported('provisioning-role-based', names);
    await publish(await create({ name: 'Roles', xml }));
    const lin = await person('lin');
    const engineers = await group('Engineers', lin);
    await group('Others', lin);
    await assign(world, lin);
    expect(await explained(world, lin)).toMatchObject({ rule: 'PERMIT', operation: 'PROVISION', ruleDetails: { ruleId: 'permit_create' } });
    await link(world, lin);
    expect(await explained(world, lin)).toMatchObject({ rule: 'PERMIT', ruleDetails: { ruleId: 'permit_update' } });

    await tenant.run('mutation($input: MembersInput!) { removeMembers(input: $input) { __typename } }', {
      input: { groupId: engineers, userIds: [lin] },
    });
    expect(await explained(world, lin)).toMatchObject({ rule: 'DENY', operation: 'DEPROVISION', reason: 'RULE_DENIED' });
    await tenant.run(operations('users')('DeactivateUser'), { input: { id: lin } });
    expect(await explained(world, lin)).toMatchObject({ rule: null, operation: 'DEPROVISION', reason: 'USER_INACTIVE' });
  });
});

test('nobody gets a role by an attribute that is called like one', async () => {
  const world = await portal();
  const xml = readFileSync('test/support/policies/provisioning-role-based.xml', 'utf8');
  const named = xml.replaceAll('SP_NAME', 'Portal').replaceAll('IDP_NAME', 'Staff');
  await publish(await create({ name: 'Roles', xml: named }));
  const eve = await person('eve', { roles: ['Internal/ROLE_1'], groups: ['ROLE_1'] });
  await assign(world, eve);
  await link(world, eve);
  expect(await explained(world, eve)).toMatchObject({ rule: 'DENY', ruleDetails: { ruleId: 'deny_all' } });
});

interface Portal {
  readonly id: string;
  readonly target: string;
}
/** An application whose row to a directory asks the rules. */
async function portal(row: object = {}): Promise<Portal> {
  const identityProviders = operations('identity-providers');
  const staff = (await tenant.run(identityProviders('AddIdentityProvider'), { input: { name: 'Staff' } })).id as string;
  const justInTime = { identityProviderId: staff, version: 1, enabled: true };
  await tenant.run(identityProviders('ConfigureJustInTimeProvisioning'), { input: justInTime });
  const connector = { identityProviderId: staff, name: 'Directory', connectorType: 'memory', config: { name: crypto.randomUUID() } };
  const target = (await tenant.run(operations('provisioning-connectors')('EnableProvisioningConnector'), { input: connector }))
    .id as string;
  const serviceProviders = operations('service-providers');
  const registered = { name: 'Portal', signInIdentityProviderIds: [staff] };
  const { id } = await tenant.run(serviceProviders('RegisterServiceProvider'), { input: registered });
  const rows = [{ identityProviderId: staff, connectorId: target, jitOutbound: true, enableRules: true, ...row }];
  await tenant.run(serviceProviders('ConfigureOutboundProvisioning'), { input: { serviceProviderId: id, version: 1, rows } });
  return { id, target };
}
async function person(userName: string, attributes: Readonly<Record<string, readonly string[]>> = {}): Promise<UserId> {
  const input = { userName, attributes: Object.entries(attributes).map(([name, values]) => ({ name, values })) };
  return (await tenant.run('mutation($input: CreateUserInput!) { createUser(input: $input) { ... on User { id } } }', { input })).id;
}
async function group(name: string, ...userIds: readonly UserId[]): Promise<string> {
  const made = await tenant.run('mutation($input: CreateGroupInput!) { createGroup(input: $input) { ... on Group { id } } }', {
    input: { name },
  });
  await tenant.run('mutation($input: MembersInput!) { addMembers(input: $input) { __typename } }', {
    input: { groupId: made.id, userIds },
  });
  return made.id;
}
const assign = ({ id, target }: Portal, userId: UserId) =>
  tenant.run('mutation($input: AssignUserInput!) { assignUser(input: $input) { ... on Assignment { id } } }', {
    input: { userId, targetId: target, serviceProviderId: id },
  });
/** As if the account had been made. */
const link = ({ target }: Portal, userId: UserId) =>
  configuration.database.transaction(tenant.tenantId, async (tx) => {
    const lane = { userId, targetId: target as TargetId };
    await tx.remove('operation', lane);
    await tx.insert('link', {
      ...{ ...lane, accountId: `account of ${userId}` as AccountId, origin: 'created', active: true, applied: {}, appliedAt: new Date(0) },
    });
  });
async function explained({ id }: Portal, userId: UserId, role: Role = 'administrator') {
  const { targets } = await tenant.run(decisions('ExplainRules'), { userId, serviceProviderId: id }, role);
  return targets[0];
}

describe('a decision', () => {
  test('is kept with the operation that came of it, and tells why', async () => {
    const world = await portal();
    const { id, version } = await publish(await create({ name: 'Only staff', form: onlyRole('Staff') }));
    expect(version).toBeGreaterThan(1);
    const lin = await person('lin');
    await group('Staff', lin);
    await assign(world, lin);
    const { edges } = await tenant.run(decisions('RuleDecisions'), { filter: { userId: lin } });
    expect(edges).toHaveLength(1);
    const [{ node }] = edges;
    expect(node).toMatchObject({
      ...{ answer: 'PERMIT', permitted: true, trigger: 'CHANGE', user: { userName: 'lin' } },
      ...{ provisioningConnector: { name: 'Directory' }, serviceProvider: { name: 'Portal' } },
      operation: { kind: 'PROVISION', state: 'PENDING' },
      details: { policy: { id, name: 'Only staff', version: 1 }, ruleId: 'permit', problem: null },
    });
    const { ruleDecision } = await tenant.run(decisions('OperationRule'), { id: node.operation.id });
    expect(ruleDecision.id).toBe(node.id);
  });

  test('that keeps somebody out is kept without an operation, and found by its answer', async () => {
    const world = await portal();
    await publish(await create({ name: 'Only staff', form: onlyRole('Staff') }));
    const [lin, ada] = [await person('lin'), await person('ada')];
    await group('Staff', lin);
    await assign(world, lin);
    await assign(world, ada);
    const { edges } = await tenant.run(decisions('RuleDecisions'), { filter: { answer: 'DENY' } });
    expect(edges.map(({ node }: any) => [node.user.userName, node.operation, node.details.ruleId])).toEqual([
      ['ada', null, 'deny-the-others'],
    ]);
    expect((await tenant.run(decisions('CountRuleDecisions'))).totalCount).toBe(2);
    const elsewhere = await configuration.tenant();
    expect((await elsewhere.run(decisions('CountRuleDecisions'))).totalCount).toBe(0);
  });

  test('shows values of a person to operators and nobody below', async () => {
    const world = await portal();
    await publish(
      await create({ name: 'Only sales', form: { template: 'ATTRIBUTE', attributes: [{ name: 'department', values: ['Sales'] }] } }),
    );
    const lin = await person('lin', { department: ['Sales', 'Secret affairs'] });
    await assign(world, lin);
    const detailsFor = async (role: Role) => {
      const { edges } = await tenant.run(decisions('RuleDecisions'), { filter: { userId: lin } }, role);
      const tried = await tenant.run(
        decisions('TryPolicy'),
        { userId: lin, serviceProviderId: world.id, trial: { form: { template: 'EMAIL_DOMAIN', emailDomains: ['example.org'] } } },
        role,
      );
      return [edges[0].node.details, (await explained(world, lin, role)).ruleDetails, tried.targets[0].ruleDetails];
    };
    for (const details of await detailsFor('viewer')) {
      expect(details.policies[0].rules[0]).toMatchObject({ ruleId: 'permit', parts: [] });
      expect(details.attributes.every(({ values }: any) => values === null)).toBe(true);
    }
    expect(JSON.stringify(await detailsFor('viewer'))).not.toContain('Secret affairs');
    const [kept, explanation] = await detailsFor('operator');
    for (const details of [kept, explanation]) {
      expect(details.attributes).toContainEqual(expect.objectContaining({ count: 2, values: ['Sales', 'Secret affairs'] }));
      expect(details.policies[0].rules[0].parts[0]).toMatchObject({ value: 'true', depth: 0 });
    }
  });

  test('with a fault names its cause, in the explanation too', async () => {
    const world = await portal();
    const needsShoeSize = everybody('shoes').replace(
      '<Rule RuleId="all" Effect="Permit"/>',
      `<Rule RuleId="all" Effect="Permit"><Condition><Apply FunctionId="urn:oasis:names:tc:xacml:1.0:function:string-is-in">
        <AttributeValue DataType="http://www.w3.org/2001/XMLSchema#string">43</AttributeValue>
        <AttributeDesignator Category="http://wso2.org/identity/user" AttributeId="http://wso2.org/claims/shoes" DataType="http://www.w3.org/2001/XMLSchema#string" MustBePresent="true"/>
      </Apply></Condition></Rule>`,
    );
    await publish(await create({ name: 'Shoes', xml: needsShoeSize }));
    const lin = await person('lin');
    await assign(world, lin);
    const { edges } = await tenant.run(decisions('RuleDecisions'), { filter: { answer: 'INDETERMINATE' } });
    expect(edges[0].node.details.problem).toContain('http://wso2.org/claims/shoes');
    expect(await explained(world, lin)).toMatchObject({
      ...{ rule: 'INDETERMINATE', operation: null, reason: 'RULE_INDETERMINATE' },
      ruleDetails: { problem: expect.stringContaining('http://wso2.org/claims/shoes') },
    });
    // It may repeat a value that it was about.
    expect((await explained(world, lin, 'viewer')).ruleDetails.problem).toBe('The rules gave no clear answer. Operators are told why.');
  });
});

describe('a trial', () => {
  const onEverybody = (variables: Record<string, unknown>, role: Role = 'viewer') =>
    tenant.run(decisions('TryPolicyOnEverybody'), variables, role);

  test('on one person shows what the draft would do, and leaves everything as it is', async () => {
    const world = await portal();
    const made = await publish(await create({ name: 'Nobody', xml: everybody('nobody', 'Deny') }));
    const lin = await person('lin');
    await group('Staff', lin);
    const drafted = await tenant.run(policies('ChangePolicy'), { input: { ...seen(made).input, form: onlyRole('Staff') } });
    const events = await tenant.events();
    const tryOn = (trial: object) => tenant.run(decisions('TryPolicy'), { userId: lin, serviceProviderId: world.id, trial });

    expect(await tryOn({ policyId: drafted.id })).toMatchObject({
      ...{ __typename: 'TriedPolicy', holdsLogin: false },
      targets: [{ rule: 'PERMIT', operation: 'PROVISION', ruleDetails: { policy: { id: made.id, version: null }, ruleId: 'permit' } }],
    });
    // Beside the one that denies, and it overrides.
    expect((await tryOn({ form: onlyRole('Staff') })).targets[0]).toMatchObject({ rule: 'DENY', operation: null });
    expect((await tryOn({ policyId: drafted.id, form: onlyRole('Guests') })).targets[0]).toMatchObject({ rule: 'DENY' });
    expect((await tryOn({ xml: '<Policy/>' })).problems[0]).toMatchObject({ path: ['xml'] });
    expect(await tryOn({})).toMatchObject({ __typename: 'InvalidInput' });
    expect((await explained(world, lin)).rule).toBe('DENY');
    expect(await tenant.events()).toEqual(events);
  });

  test('on everybody counts a page at a time, and tells whom it would concern', async () => {
    const world = await portal();
    const made = await publish(await create({ name: 'Everybody', xml: everybody('everybody') }));
    const [staying, leaving, coming, outside] = [await person('stay'), await person('leave'), await person('come'), await person('out')];
    for (const user of [staying, leaving, coming, outside]) await assign(world, user);
    for (const user of [staying, leaving]) await link(world, user);
    await group('Staff', staying, coming);
    await configuration.database.transaction(tenant.tenantId, (tx) => tx.remove('operation', {}));
    const events = await tenant.events();

    const trial = { policyId: made.id, form: onlyRole('Staff') };
    const pages: any[] = [];
    for (let after: string | null = null, goesOn = true; goesOn;) {
      const page = await onEverybody({ trial, first: 3, after });
      pages.push(page);
      ({ endCursor: after, hasNextPage: goesOn } = page);
    }
    expect(pages.map(({ total, looked }) => [total, looked])).toEqual([
      [4, 3],
      [4, 1],
    ]);
    const sum = (count: string): number => pages.reduce((total: number, { counts }) => total + Number(counts[count]), 0);
    expect(['create', 'update', 'end', 'unchanged', 'denied'].map((count) => [count, sum(count)])).toEqual([
      ['create', 1],
      ['update', 1],
      ['end', 1],
      ['unchanged', 0],
      ['denied', 1],
    ]);
    const changes = pages.flatMap((page) => page.changes);
    expect(changes.map(({ user, effect, target }) => [user.userName, effect, target.reason])).toEqual([
      ['stay', 'UPDATE', 'DIFFERS'],
      ['leave', 'END', 'RULE_DENIED'],
      ['come', 'CREATE', 'NEEDS_ACCOUNT'],
    ]);
    expect(changes[0].target.differences[0]).toMatchObject({ from: null, to: null });
    expect((await onEverybody({ trial }, 'operator')).changes[0].target.differences[0].to).not.toBeNull();
    expect(await tenant.events()).toEqual(events);
    expect(await configuration.database.reads(tenant.tenantId).count('operation', {})).toBe(0);
  });

  test('looks at a bounded number at once, and goes on after nothing but its own cursors', async () => {
    const trial = { xml: everybody('everybody') };
    const refused = await onEverybody({ trial, first: 201 });
    expect(refused.problems).toEqual([{ path: ['first'], message: expect.stringContaining('200'), fault: null }]);
    const strange = await tenant.ask(decisions('TryPolicyOnEverybody'), { trial, after: 'x' });
    expect(strange.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });

  test('comes once in a request', () => {
    const twice = '{ a: validatePolicy(xml: "") { warnings } b: validatePolicy(xml: "") { warnings } }';
    const errors = validate(configuration.schema, parse(twice), limitRules());
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('Only one of tryPolicy')]);
  });

  test('of a removal is refused: nothing that is left explains it', async () => {
    const lin = await person('lin');
    const refused = await tenant.run(decisions('TryPolicy'), { userId: lin, trial: { xml: everybody('x') }, trigger: 'REMOVAL' });
    expect(refused.path).toEqual(['trigger']);
  });
});
