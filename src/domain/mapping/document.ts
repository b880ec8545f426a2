/** What an expression sees: one user and where they belong. Nothing else exists for it. */
import type { AttributeValue, User } from '../vocabulary.ts';

export interface MappingDocument {
  readonly user: {
    readonly id: string;
    readonly userName: string;
    readonly active: boolean;
    /** One value stands for itself, several are a list. */
    readonly attributes: Readonly<Record<string, AttributeValue | readonly AttributeValue[]>>;
  };
  /** Names of the groups the user is in. */
  readonly groups: readonly string[];
  /** The identity provider's names of these groups, by its role mappings. */
  readonly roles: readonly string[];
  readonly userStore: string;
  readonly tenant: string;
  readonly identityProvider: string;
}

/** A copy: JSONata marks arrays, and a user's are not its own. */
export function documentOf(
  user: Pick<User, 'id' | 'userName' | 'active' | 'attributes'>,
  around: Omit<MappingDocument, 'user'>,
): MappingDocument {
  const { groups, roles, userStore, tenant, identityProvider } = around;
  const attributes: Record<string, AttributeValue | readonly AttributeValue[]> = {};
  for (const [name, values] of Object.entries(user.attributes)) {
    const [first] = values;
    if (first !== undefined) attributes[name] = values.length === 1 ? first : [...values];
  }
  return {
    user: { id: user.id, userName: user.userName, active: user.active, attributes },
    groups: [...groups],
    roles: [...roles],
    userStore,
    tenant,
    identityProvider,
  };
}
