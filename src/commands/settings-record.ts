/** What the commands that change a setting have in common: the version the asker saw, and names that are taken. It knows no setting. */
import { done, nameTaken, notFound, versionConflict, type Outcome } from './outcome.ts';
import { UniqueViolation, type Patch, type RecordOf, type Transaction } from './ports.ts';

type SettingKind = 'administrator' | 'serviceProvider' | 'identityProvider' | 'target' | 'policy';
const nouns: Readonly<Record<SettingKind, string>> = {
  administrator: 'administrator',
  serviceProvider: 'service provider',
  identityProvider: 'identity provider',
  target: 'provisioning connector',
  policy: 'policy',
};

/** Changes the record if it is still the version the asker saw. Call it before anything else is written: a problem rolls nothing back. */
export async function changeAsSeen<K extends SettingKind>(
  tx: Transaction,
  kind: K,
  seen: { readonly id: string; readonly version: number },
  patch: Patch<K>,
  path: string,
): Promise<Outcome<RecordOf<K>>> {
  const changed = await tx.change(kind, seen.id, patch, seen.version);
  if (changed === 'missing') return notFound(nouns[kind], path);
  if (changed !== 'stale') return done(changed);
  const current = await tx.byId(kind, seen.id);
  return current ? versionConflict(current.version) : notFound(nouns[kind], path);
}

/** Runs a transaction, and answers that the name is taken where the database said so. */
export async function unlessNameTaken<T>(noun: string, work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UniqueViolation) return nameTaken(`There is ${noun} with this name already.`, 'name');
    throw error;
  }
}

/** Without the fields that were not given: absent leaves alone. */
export function given<T extends object>(fields: T): { [P in keyof T]?: Exclude<T[P], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [P in keyof T]?: Exclude<T[P], undefined> };
}
