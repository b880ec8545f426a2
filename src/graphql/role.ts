/** The roles, as GraphQL tells them. */
import type { Role } from '../domain/vocabulary.ts';
import { enumOf } from './enums.ts';

export const RoleEnum = enumOf<Role>('Role', 'Who may do what in a tenant. Each role may do what the ones before it may.', {
  viewer: 'May read everything of the tenant.',
  operator: 'May also change users and groups, and retry operations.',
  administrator: 'May also change settings: service providers, identity providers, connectors, administrators and API tokens.',
  owner: 'Administrator of every tenant; may make tenants.',
});
