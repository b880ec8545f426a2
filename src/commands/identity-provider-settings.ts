/** The settings of an identity provider apart from its authenticator and just-in-time provisioning, and whether what they name exists. */
import type { AttributeMapping, GroupId, RoleMapping } from '../domain/vocabulary.ts';
import type { InputProblem } from './outcome.ts';
import type { Reads } from './ports.ts';

/** Absent leaves alone. */
export interface IdentityProviderSettings {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly attributeMappings?: readonly AttributeMapping[] | undefined;
  readonly roleMappings?: readonly RoleMapping[] | undefined;
  readonly outboundRoles?: readonly GroupId[] | undefined;
}

export async function missingGroups(reads: Reads, settings: IdentityProviderSettings): Promise<readonly InputProblem[]> {
  const named = [
    ...(settings.roleMappings ?? []).map((mapping, index) => ({ id: mapping.groupId, path: ['roleMappings', String(index), 'groupId'] })),
    ...(settings.outboundRoles ?? []).map((id, index) => ({ id, path: ['outboundRoleGroupIds', String(index)] })),
  ];
  if (named.length === 0) return [];
  const found = new Set((await reads.find('group', { id: [...new Set(named.map((each) => each.id))] })).map((group) => group.id));
  return named.filter(({ id }) => !found.has(id)).map(({ path }) => ({ path, message: 'There is no such group.' }));
}
