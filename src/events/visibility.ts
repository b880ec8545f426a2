/** Which events a role may read: those about administrators and API tokens only administrators, the rest everybody who may read at all. */
import { eventCatalogue, type EventType } from '../domain/event-catalogue.ts';
import { roles, type Role } from '../domain/vocabulary.ts';

export const eventTypes = Object.keys(eventCatalogue) as readonly EventType[];

const guarded = /^(administrator|api-token|tenant)\./;

export const leastRoleFor = (type: EventType): Role => (guarded.test(type) ? 'administrator' : 'viewer');

/** The types this role may read, of those asked for. A type this version does not know is told to nobody: it may be a guarded one. */
export function readableTypes(role: Role, asked?: readonly string[] | null): readonly EventType[] {
  const readable = eventTypes.filter((type) => roles.indexOf(role) >= roles.indexOf(leastRoleFor(type)));
  return asked ? readable.filter((type) => asked.includes(type)) : readable;
}
