/** What happens to policies and to the rows that ask them. Start with changeRules. */
import { activatePolicy, deactivatePolicy } from '../../src/commands/activate-policy.ts';
import { changePolicy } from '../../src/commands/change-policy.ts';
import { configureOutboundProvisioning } from '../../src/commands/configure-outbound-provisioning.ts';
import { configureRules } from '../../src/commands/configure-rules.ts';
import { createPolicy } from '../../src/commands/create-policy.ts';
import { publishPolicy } from '../../src/commands/publish-policy.ts';
import { removePolicy } from '../../src/commands/remove-policy.ts';
import type { PolicyForm } from '../../src/domain/policy-form.ts';
import { policyCombinings, type PolicyId, type ServiceProviderId } from '../../src/domain/vocabulary.ts';
import { pick } from './fake.ts';
import { groupName, type RowRules, type WrittenPolicy } from './rules.ts';
import { rowOf, valueOf, type World } from './world.ts';

const mostPolicies = 4;

/** One of everything that may happen to policies and rows. */
export async function changeRules(world: World): Promise<void> {
  const { random, rules } = world;
  const choice = random();
  if (choice < 0.3) return setRow(world, pick(random, [...rules.rows.keys()]), someRow(random));
  if (choice < 0.4) return combine(world);
  if (rules.policies.length === 0 || (rules.policies.length < mostPolicies && choice < 0.55)) return write(world, someForm(world));
  const policy = pick(random, rules.policies);
  if (choice < 0.65) return rewrite(world, policy, someForm(world));
  if (choice < 0.88) return policy.draft ? publish(world, policy) : rewrite(world, policy, someForm(world));
  if (choice < 0.95) return switchPolicy(world, policy);
  return discard(world, policy);
}

/** So that most sequences have rules that say something from the beginning. */
export async function beginRules(world: World): Promise<void> {
  if (world.random() < 0.2) return;
  await write(world, someForm(world));
  await publish(world, world.rules.policies[0]!);
  for (const id of world.rules.rows.keys()) await setRow(world, id, { ...someRow(world.random), enableRules: true });
}

/** The only policy in force from here on. */
export async function onlyPolicy(world: World, form: PolicyForm): Promise<void> {
  for (const policy of [...world.rules.policies]) await discard(world, policy);
  await write(world, form);
  await publish(world, world.rules.policies[0]!);
}

export async function setRows(world: World, rules: RowRules): Promise<void> {
  for (const id of world.rules.rows.keys()) await setRow(world, id, rules);
}

export const formOfGroups = (groupIds: readonly string[]): PolicyForm => ({ ...emptyForm, template: 'group', groupIds });
export const formOfRole = (role: string): PolicyForm => ({ ...emptyForm, template: 'role', roles: [role] });

const emptyForm = {
  serviceProviderIds: [],
  identityProviderIds: [],
  roles: [],
  groupIds: [],
  attributes: [],
  emailDomains: [],
  hours: null,
};

function someForm(world: World): PolicyForm {
  const { random, groupId, team, rules, identityProviderId } = world;
  const form = {
    ...emptyForm,
    serviceProviderIds: random() < 0.4 ? [pick(random, [...rules.rows.keys()])] : [],
    identityProviderIds: random() < 0.3 ? [identityProviderId] : [],
  };
  const template = pick(random, ['group', 'role', 'attribute'] as const);
  switch (template) {
    case 'group':
      return { ...form, template, groupIds: pick(random, [[groupId], [team.id], [groupId, team.id]]) };
    case 'role':
      // By name: whoever renames the team takes it out of the policy.
      return { ...form, template, roles: pick(random, [[groupName], [team.name], [groupName, team.name]]) };
    case 'attribute':
      return { ...form, template, attributes: [{ name: 'badge', values: pick(random, [['red'], ['blue'], ['red', 'blue']]) }] };
  }
}

function someRow(random: () => number): RowRules {
  return {
    enableRules: random() < 0.85,
    whenNotApplicable: pick(random, ['deny', 'permit']),
    accountsOfDenied: pick(random, ['end', 'leave']),
  };
}

async function setRow(world: World, id: ServiceProviderId, rules: RowRules): Promise<void> {
  const { movable, caller } = world;
  const provider = (await movable.house.database.reads(caller.tenantId).byId('serviceProvider', id))!;
  valueOf(
    await configureOutboundProvisioning(movable.house, caller, {
      ...{ serviceProviderId: id, version: provider.version, accountsOfRemovedRows: 'keep' },
      table: { kind: 'own', rows: [rowOf(world, rules)] },
    }),
  );
  world.rules.rows.set(id, rules);
  world.tell(`the rules of ${provider.name}: ${JSON.stringify(rules)}`);
}

async function combine(world: World): Promise<void> {
  const { movable, caller, random, rules } = world;
  const combining = pick(random, policyCombinings);
  const { policyRevision: revision } = await movable.house.database.reads(caller.tenantId).tenant();
  valueOf(await configureRules(movable.house, caller, { revision, combining }));
  rules.combining = combining;
  world.tell(`the rules are combined: ${combining}`);
}

async function write(world: World, form: PolicyForm): Promise<void> {
  const { movable, caller, rules } = world;
  const name = `Policy ${world.nextName()}`;
  const { id } = valueOf(await createPolicy(movable.house, caller, { name, form }));
  rules.policies.push({ id, name, active: false, draft: form, published: null });
  told(world, name, `is written: ${JSON.stringify(form)}`);
}

async function rewrite(world: World, policy: WrittenPolicy, form: PolicyForm): Promise<void> {
  valueOf(await changePolicy(world.movable.house, world.caller, { ...(await seen(world, policy.id)), form }));
  policy.draft = form;
  told(world, policy.name, `is to become: ${JSON.stringify(form)}`);
}

async function publish(world: World, policy: WrittenPolicy): Promise<void> {
  const activate = policy.published === null ? true : null;
  valueOf(await publishPolicy(world.movable.house, world.caller, { ...(await seen(world, policy.id)), activate }));
  Object.assign(policy, { published: policy.draft, draft: null, active: activate ?? policy.active });
  told(world, policy.name, 'is published');
}

async function switchPolicy(world: World, policy: WrittenPolicy): Promise<void> {
  if (!policy.published) return publish(world, policy);
  const command = policy.active ? deactivatePolicy : activatePolicy;
  valueOf(await command(world.movable.house, world.caller, await seen(world, policy.id)));
  policy.active = !policy.active;
  told(world, policy.name, policy.active ? 'comes into force' : 'is out of force');
}

async function discard(world: World, policy: WrittenPolicy): Promise<void> {
  valueOf(await removePolicy(world.movable.house, world.caller, await seen(world, policy.id)));
  world.rules.policies.splice(world.rules.policies.indexOf(policy), 1);
  told(world, policy.name, 'is removed');
}

const told = (world: World, name: string, what: string): void => world.tell(`the rules: ${name} ${what}`);

async function seen({ movable, caller }: World, id: PolicyId) {
  const { version } = (await movable.house.database.reads(caller.tenantId).byId('policy', id))!;
  return { id, version };
}
