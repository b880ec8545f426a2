/** What a resolver gets: who asks, the house, reads of the caller's tenant, loaders of this request, and the session. */
import type { Actor } from '../commands/outcome.ts';
import type { Passwords } from '../commands/passwords.ts';
import type { Bus, House, Reads } from '../commands/ports.ts';
import type { Administrator, TenantId } from '../domain/vocabulary.ts';
import type { Feed } from '../events/feed.ts';
import type { Access } from './access.ts';
import { createLoaders, type Loaders } from './loaders.ts';

/** What the HTTP room lets a mutation do with the browser's session. */
export interface SessionControl {
  /** A new session id, and this administrator in it. */
  signIn(administrator: Pick<Administrator, 'id' | 'tenantId'>): Promise<void>;
  signOut(): Promise<void>;
  /** Ends this administrator's sessions in all browsers but this one. */
  endOthers(administratorId: string): Promise<void>;
}

export interface GraphQLContext {
  readonly requestId: string;
  readonly access: Access | null;
  readonly house: House;
  readonly passwords: Passwords;
  readonly bus: Bus;
  readonly feed: Feed;
  /** Counts one self-registration from this address. null: go on; otherwise after how many seconds to come back. */
  takeRegistration(): Promise<number | null>;
  /** Counts one password that this address tries: a lock guards one name only, and each costs the work of a hash. The same answers. */
  takePassword(): Promise<number | null>;
  readonly session: SessionControl;
  /** Where browsers reach us; without a slash at the end. */
  readonly publicUrl: string;
  readonly loaders: Loaders;
  /** The caller as commands want it. A defect where nobody is signed in: ask only behind a role. */
  readonly caller: Access;
  readonly actor: Actor;
  readonly tenantId: TenantId;
  readonly reads: Reads;
}

export type ContextParts = Pick<
  GraphQLContext,
  'requestId' | 'access' | 'house' | 'passwords' | 'bus' | 'feed' | 'takeRegistration' | 'takePassword' | 'session' | 'publicUrl'
>;

export function createContext(parts: ContextParts): GraphQLContext {
  const known = (): Access => {
    if (parts.access === null) throw new Error('A resolver that anyone may call asked for the caller.');
    return parts.access;
  };
  const reads = (): Reads => parts.house.database.reads(known().tenantId);
  // On the prototype: Apollo copies a context's own properties, which would ask these of an anonymous request too.
  const askedLater = {
    get caller(): Access {
      return known();
    },
    get actor(): Actor {
      return known().actor;
    },
    get tenantId(): TenantId {
      return known().tenantId;
    },
    get reads(): Reads {
      return reads();
    },
  };
  const context = Object.create(askedLater) as typeof askedLater;
  return Object.assign(context, parts, { loaders: createLoaders(reads) });
}
