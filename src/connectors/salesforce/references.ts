import type { Json } from '../contract/answer.ts';
import type { Call } from '../contract/connector.ts';
import { rejected } from './failures.ts';
import { text } from './json.ts';
import type { Rest } from './rest.ts';
import { anyOf, isId, longId } from './soql.ts';

/** Things that a user refers to and an administrator names. */
export type ReferenceKind = 'profile' | 'role' | 'permissionSets' | 'publicGroups';

interface Kind {
  readonly object: string;
  readonly called: string;
  readonly prefix: string;
  /** Fields that may hold the name, the most telling first. */
  readonly names: readonly string[];
  readonly only: string | null;
}

const kinds: Readonly<Record<ReferenceKind, Kind>> = {
  profile: { object: 'Profile', called: 'profile', prefix: '00e', names: ['Name'], only: null },
  role: { object: 'UserRole', called: 'role', prefix: '00E', names: ['DeveloperName', 'Name'], only: null },
  permissionSets: {
    object: 'PermissionSet',
    called: 'permission set',
    prefix: '0PS',
    names: ['Name', 'Label'],
    only: 'IsOwnedByProfile = false',
  },
  publicGroups: {
    object: 'Group',
    called: 'public group',
    prefix: '00G',
    names: ['DeveloperName', 'Name'],
    only: "Type = 'Regular'",
  },
};

export interface References {
  /** Long ids in the order asked for. Throws `rejected` where there is none of a name, or several. */
  idsOf(kind: ReferenceKind, wanted: readonly string[], call: Call): Promise<readonly string[]>;
  /** Long ids of those that exist; what does not is left out. */
  knownIdsOf(kind: ReferenceKind, wanted: readonly string[], call: Call): Promise<readonly string[]>;
}

const keptForMs = 600_000;
const purposeOf = (kind: Kind) => ({ doing: `looking for a ${kind.called}`, writes: false, about: 'collection' }) as const;

/** Finds ids by name and keeps them for some minutes: they are the same for most users. */
export function createReferences(rest: Rest, now: () => number): References {
  const kept = new Map<string, { readonly id: string; readonly until: number }>();

  async function look(kind: ReferenceKind, wanted: readonly string[], call: Call): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = new Map<string, readonly string[]>();
    const open: string[] = [];
    for (const one of new Set(wanted)) {
      const known = kept.get(`${kind} ${one}`);
      if (known && now() < known.until) found.set(one, [known.id]);
      else open.push(one);
    }
    if (open.length === 0) return found;
    const records = await rest.query(queryFor(kinds[kind], open), purposeOf(kinds[kind]), call);
    for (const one of open) {
      const ids = idsIn(records, kinds[kind], one);
      found.set(one, ids);
      const [only] = ids;
      if (only !== undefined && ids.length === 1) kept.set(`${kind} ${one}`, { id: only, until: now() + keptForMs });
    }
    return found;
  }

  return {
    idsOf: async (kind, wanted, call) => {
      const found = await look(kind, wanted, call);
      return wanted.map((one) => {
        const [id, another] = found.get(one) ?? [];
        const { called } = kinds[kind];
        if (id === undefined) throw rejected(kind, `The organisation has no ${called} of a name or id that the user should have.`);
        if (another !== undefined) throw rejected(kind, `Several of the organisation's ${called}s have a name that the user should have.`);
        return id;
      });
    },
    knownIdsOf: async (kind, wanted, call) => {
      const found = await look(kind, wanted, call);
      return wanted.flatMap((one) => found.get(one) ?? []);
    },
  };
}

function queryFor(kind: Kind, wanted: readonly string[]): string {
  const ids = wanted.filter((one) => isId(one, kind.prefix));
  const conditions = [...kind.names.map((name) => anyOf(name, wanted)), ...(ids.length === 0 ? [] : [anyOf('Id', ids)])];
  const either = conditions.length === 1 ? conditions.join('') : `(${conditions.join(' OR ')})`;
  return `SELECT Id, ${kind.names.join(', ')} FROM ${kind.object} WHERE ${kind.only === null ? '' : `${kind.only} AND `}${either}`;
}

/** The id itself says more than a name, and the first name says more than the second: labels are often the same. */
function idsIn(records: readonly Json[], kind: Kind, wanted: string): readonly string[] {
  const ids = (matching: (record: Json) => boolean): readonly string[] => [
    ...new Set(records.filter(matching).flatMap((record) => longId(text(record, 'Id') ?? ''))),
  ];
  if (isId(wanted, kind.prefix)) {
    const byId = ids((record) => longId(text(record, 'Id') ?? '') === longId(wanted));
    if (byId.length > 0) return byId;
  }
  for (const name of kind.names) {
    const byName = ids((record) => text(record, name)?.toLowerCase() === wanted.toLowerCase());
    if (byName.length > 0) return byName;
  }
  return [];
}
