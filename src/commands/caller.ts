/** Who asks a command for something, in which tenant, with which role there. */
import { roles, type Role, type TenantId } from '../domain/vocabulary.ts';
import type { Actor } from './outcome.ts';

export interface Caller {
  readonly tenantId: TenantId;
  readonly actor: Actor;
  readonly role: Role;
}

/** Roles are ordered: each may do whatever the ones before it may. */
export const reaches = (role: Role, least: Role): boolean => roles.indexOf(role) >= roles.indexOf(least);
