/** Who sends this request: an API token's program, a signed-in administrator, nobody, or somebody who must be refused at once. */
import { hashOfApiToken } from '../commands/create-api-token.ts';
import type { House } from '../commands/ports.ts';
import type { TenantId } from '../domain/vocabulary.ts';
import type { Access } from './access.ts';

/** What a request carries, whatever its transport. */
export interface Presented {
  /** The Authorization header as it came. It alone counts where it is there: a cookie never stands in for a bad token. */
  readonly authorization: string | null;
  readonly administratorId: string | null;
  /** Header `usher-tenant`: the tenant an owner wants to work in. */
  readonly tenantName: string | null;
}
export type Identified =
  | { readonly kind: 'known'; readonly access: Access }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'refused'; readonly status: 401 | 403; readonly code: 'UNAUTHENTICATED' | 'FORBIDDEN'; readonly message: string };

export async function identify(house: House, presented: Presented): Promise<Identified> {
  const access =
    presented.authorization === null
      ? await administrator(house, presented.administratorId)
      : await program(house, presented.authorization);
  if (access === 'bad-token') return refused(401, 'UNAUTHENTICATED', 'This API token is unknown, expired or revoked.');
  if (access === null) return { kind: 'anonymous' };
  if (presented.tenantName === null) return { kind: 'known', access };
  const tenantId = await tenantToWorkIn(house, access, presented.tenantName);
  if (tenantId === null) return refused(403, 'FORBIDDEN', 'There is no such tenant, or it is not yours.');
  return { kind: 'known', access: { ...access, tenantId } };
}

const refused = (status: 401 | 403, code: 'UNAUTHENTICATED' | 'FORBIDDEN', message: string): Identified => ({
  kind: 'refused',
  status,
  code,
  message,
});

async function program(house: House, authorization: string): Promise<Access | 'bad-token'> {
  const token = /^Bearer +([\w.~+/-]{1,500}=*)$/i.exec(authorization)?.[1];
  if (token === undefined) return 'bad-token';
  const apiToken = await house.database.credentials.apiToken(hashOfApiToken(token), house.clock.now());
  if (apiToken === null) return 'bad-token';
  const { id, name, role, tenantId } = apiToken;
  return { actor: { kind: 'api-token', id }, name, role, tenantId, mustChangePassword: false };
}

async function administrator(house: House, id: string | null): Promise<Access | null> {
  const found = id === null ? null : await house.database.credentials.administratorById(id);
  if (found === null) return null;
  const { userName, role, tenantId, mustChangePassword } = found;
  return { actor: { kind: 'administrator', id: found.id }, name: userName, role, tenantId, mustChangePassword };
}

/** Others may name their own tenant; only an owner another. */
async function tenantToWorkIn(house: House, access: Access, name: string): Promise<TenantId | null> {
  const tenant = await house.database.tenants.byName(name);
  if (tenant === null) return null;
  return tenant.id === access.tenantId || access.role === 'owner' ? tenant.id : null;
}
