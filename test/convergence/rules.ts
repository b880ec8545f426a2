/**
 * Enable Rules in the sequences: what policies say of a person, worked out here from the forms that they were made of and never from XACML.
 * What happens to policies and rows is in rule-changes.ts. Start with ruled.
 */
import type { OutboundRow, PolicyCombining, PolicyId, ServiceProviderId } from '../../src/domain/vocabulary.ts';
import type { PolicyForm } from '../../src/domain/policy-form.ts';
import type { Person, World } from './world.ts';

export type RowRules = Pick<OutboundRow, 'enableRules' | 'whenNotApplicable' | 'accountsOfDenied'>;
export interface WrittenPolicy {
  readonly id: PolicyId;
  readonly name: string;
  active: boolean;
  draft: PolicyForm | null;
  published: PolicyForm | null;
}
export interface Rules {
  /** Of each service provider that has a row. Who was assigned because of none is asked no rules. */
  readonly rows: Map<ServiceProviderId, RowRules>;
  /** In the order in which they are asked. */
  readonly policies: WrittenPolicy[];
  combining: PolicyCombining;
}

export type Ruled =
  /** Provisioned, as without rules. */
  | 'permitted'
  /** No account, and one that is there ends. */
  | 'ended'
  /** No new account, and one that is there stays as it is: the row says so, or nobody knows what the policies say. */
  | 'left';

/** One reason to belong there that permits is enough. */
export function ruled(world: World, person: Person): Ruled {
  const reasons = [...new Set(person.assignments.values())].map((serviceProviderId) => ofReason(world, person, serviceProviderId));
  if (reasons.length === 0 || reasons.includes('permitted')) return 'permitted';
  return reasons.every((reason) => reason === 'ended') ? 'ended' : 'left';
}

function ofReason(world: World, person: Person, serviceProviderId: ServiceProviderId | null): Ruled {
  const row = serviceProviderId === null ? undefined : world.rules.rows.get(serviceProviderId);
  if (!row?.enableRules) return 'permitted';
  const said = decided(world, person, serviceProviderId);
  if (said === 'permit' || (said === 'nothing' && row.whenNotApplicable === 'permit')) return 'permitted';
  return said !== 'unclear' && row.accountsOfDenied === 'end' ? 'ended' : 'left';
}

type Said = 'permit' | 'deny' | 'nothing';

function decided(world: World, person: Person, serviceProviderId: ServiceProviderId | null): Said | 'unclear' {
  const inForce = world.rules.policies.flatMap(({ active, published }) => (active && published ? [published] : []));
  if (inForce.length === 0) return 'unclear';
  const all = inForce.map((form): Said => {
    if (form.serviceProviderIds.length > 0 && !form.serviceProviderIds.includes(serviceProviderId ?? '')) return 'nothing';
    return fits(world, person, form) ? 'permit' : 'deny';
  });
  const some = (said: Said): boolean => all.includes(said);
  const spoken = all.filter((said) => said !== 'nothing');
  switch (world.rules.combining) {
    case 'deny-overrides':
      return some('deny') ? 'deny' : some('permit') ? 'permit' : 'nothing';
    case 'permit-overrides':
      return some('permit') ? 'permit' : some('deny') ? 'deny' : 'nothing';
    case 'first-applicable':
      return spoken[0] ?? 'nothing';
    case 'only-one-applicable':
      return spoken.length > 1 ? 'unclear' : (spoken[0] ?? 'nothing');
    case 'deny-unless-permit':
      return some('permit') ? 'permit' : 'deny';
    case 'permit-unless-deny':
      return some('deny') ? 'deny' : 'permit';
  }
}

function fits({ groupId, team }: World, person: Person, form: PolicyForm): boolean {
  const groups = [
    ...(person.inGroup ? [{ id: groupId, name: groupName }] : []),
    ...(person.inTeam ? [{ id: team.id, name: team.name }] : []),
  ];
  const isIn = groups.some(({ id, name }) => form.groupIds.includes(id) || form.roles.includes(name));
  const isLike = form.attributes.every(({ name, values }) => values.includes(person.attributes[name] ?? ''));
  return form.template === 'attribute' ? isLike : isIn;
}

/** The group of those whom the gate lets in. */
export const groupName = 'Let in';
