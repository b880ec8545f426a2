/**
 * Removes a group. Where an identity provider decides by it, only if the asker says so: whoever was let through by this group alone loses
 * the accounts behind that gate. The gate itself stays shut: it goes on naming the group that is no more, for an empty gate lets everybody in.
 */
import type { Group, GroupId, IdentityProvider } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { endProvisionedGroups } from './end-provisioned-groups.ts';
import { identityProviderChanged } from './identity-provider-changed.ts';
import { done, inUse, notFound, type Outcome } from './outcome.ts';
import type { House, Transaction } from './ports.ts';
import { reevaluateTargetsOf } from './reevaluate.ts';

export interface RemoveGroupInput {
  readonly id: GroupId;
  /** Although outbound roles or role mappings of identity providers name it. */
  readonly evenIfUsed: boolean;
}

export async function removeGroup(
  house: Pick<House, 'database' | 'clock'>,
  caller: Caller,
  input: RemoveGroupInput,
): Promise<Outcome<Group>> {
  return house.database.transaction(caller.tenantId, async (tx) => {
    const group = await tx.byId('group', input.id);
    if (!group) return notFound('group', 'id');
    const users = (await tx.find('identityProvider', {})).filter((provider) => isUsedBy(group, provider));
    const [user] = users;
    if (user && !input.evenIfUsed)
      return inUse(
        `The identity provider ${user.name} decides by this group. Take it out of its roles, or say evenIfUsed: people whom it let through then lose their accounts there.`,
        'id',
      );
    await forgetRoleMappings(tx, group, users);
    await endProvisionedGroups(house, tx, await tx.find('provisionedGroup', { groupId: group.id }));
    await tx.remove('membership', { groupId: group.id });
    await tx.remove('group', { id: group.id });
    await tx.append([{ type: 'group.removed', payload: { groupId: group.id, name: group.name } }]);
    await reevaluateTargetsOf(tx, users, 'group-removed');
    return done(group);
  });
}

function isUsedBy(group: Group, provider: IdentityProvider): boolean {
  return provider.outboundRoles.includes(group.id) || provider.roleMappings.some((mapping) => mapping.groupId === group.id);
}

/** Nobody can be put into it any more at a sign-in. */
async function forgetRoleMappings(tx: Transaction, group: Group, providers: readonly IdentityProvider[]): Promise<void> {
  for (const provider of providers) {
    const roleMappings = provider.roleMappings.filter((mapping) => mapping.groupId !== group.id);
    if (roleMappings.length === provider.roleMappings.length) continue;
    const changed = await tx.change('identityProvider', provider.id, { roleMappings });
    if (typeof changed !== 'string') await tx.append([identityProviderChanged(changed)]);
  }
}
