import type { AccountId, AccountValue } from '../../domain/vocabulary.ts';
import type { Call } from '../contract/connector.ts';
import { hasCode, recordFailure, unreadable, type Purpose, type SalesforceError } from './failures.ts';
import { listOf, text } from './json.ts';
import type { References } from './references.ts';
import type { Rest } from './rest.ts';
import { longId, quoted } from './soql.ts';

/** Collections of records that one call may hold. */
export const collectionSize = 200;

/** What a user is given beside the record: assignments that are made and taken back one by one, and that others make as well. */
export type Membership = 'permissionSets' | 'publicGroups';

const kinds = {
  permissionSets: {
    object: 'PermissionSetAssignment',
    user: 'AssigneeId',
    other: 'PermissionSetId',
    only: 'PermissionSet.IsOwnedByProfile = false AND PermissionSetGroupId = null',
    doing: 'assigning permission sets',
  },
  publicGroups: {
    object: 'GroupMember',
    user: 'UserOrGroupId',
    other: 'GroupId',
    only: "Group.Type = 'Regular'",
    doing: 'putting a user into public groups',
  },
} as const;

/**
 * Makes the user have what is wanted. Taken back is only what Usher gave before (`applied`) and what is wanted no longer: whatever an
 * administrator assigned by hand stays.
 */
export async function changeMembership(
  { rest, references }: { readonly rest: Rest; readonly references: References },
  kind: Membership,
  user: AccountId,
  { wanted, applied }: { readonly wanted: readonly string[]; readonly applied: AccountValue | undefined },
  call: Call,
): Promise<void> {
  const { object, user: userField, other, only, doing } = kinds[kind];
  const ids = await references.idsOf(kind, wanted, call);
  const before = await references.knownIdsOf(kind, Array.isArray(applied) ? applied : [], call);
  const current = await rest.query(
    `SELECT Id, ${other} FROM ${object} WHERE ${userField} = ${quoted(longId(user))} AND ${only}`,
    { doing: 'reading what a user is assigned to', writes: false, about: 'collection' },
    call,
  );
  const held = current.map((record) => ({ id: text(record, 'Id') ?? '', of: longId(text(record, other) ?? '') }));
  const missing = [...new Set(ids)].filter((id) => !held.some(({ of }) => of === id));
  const surplus = held.filter(({ of }) => before.includes(of) && !ids.includes(of));
  const purpose: Purpose = { doing, writes: true, about: 'collection' };
  await createRecords(
    rest,
    object,
    missing.map((id) => ({ [userField]: longId(user), [other]: id })),
    purpose,
    call,
  );
  await deleteRecords(
    rest,
    object,
    surplus.map(({ id }) => id),
    purpose,
    call,
  );
}

/** Creates records of one kind in collections; one that exists already counts. Throws the first failure, when all were tried. */
export async function createRecords(
  rest: Rest,
  object: string,
  records: readonly Readonly<Record<string, string>>[],
  purpose: Purpose,
  call: Call,
): Promise<void> {
  const failures = await triedToCreate(rest, object, records, purpose, call);
  for (const { failure } of failures) throw failure;
}

/** The records that could not be created, each with why. */
export async function triedToCreate(
  rest: Rest,
  object: string,
  records: readonly Readonly<Record<string, string>>[],
  purpose: Purpose,
  call: Call,
): Promise<readonly { readonly record: Readonly<Record<string, string>>; readonly failure: SalesforceError }[]> {
  const failed: { record: Readonly<Record<string, string>>; failure: SalesforceError }[] = [];
  for (let from = 0; from < records.length; from += collectionSize) {
    const part = records.slice(from, from + collectionSize);
    const answer = await rest.run(purpose, call, async (connection) => connection.create(object, [...part]));
    const failures = failuresIn(rest, answer, part.length, purpose, ['DUPLICATE_VALUE']);
    part.forEach((record, index) => {
      const failure = failures[index];
      if (failure) failed.push({ record, failure });
    });
  }
  return failed;
}

/** Deletes records of one kind; one that is gone counts. */
export async function deleteRecords(rest: Rest, object: string, ids: readonly string[], purpose: Purpose, call: Call): Promise<void> {
  for (let from = 0; from < ids.length; from += collectionSize) {
    const part = ids.slice(from, from + collectionSize);
    const answer = await rest.run(purpose, call, async (connection) => connection.destroy(object, [...part]));
    for (const failure of failuresIn(rest, answer, part.length, purpose, ['ENTITY_IS_DELETED', 'NOT_FOUND'])) if (failure) throw failure;
  }
}

/** One for each record in its order, null where it went well. */
function failuresIn(
  rest: Rest,
  answer: unknown,
  count: number,
  purpose: Purpose,
  fine: readonly string[],
): readonly (SalesforceError | null)[] {
  const results = listOf(answer);
  if (results.length !== count) throw unreadable(purpose);
  return results.map((result) => {
    if (result['success'] === true) return null;
    const failure = recordFailure(result['errors'], purpose, rest.attributeOf);
    return hasCode(failure, ...fine) ? null : failure;
  });
}
