/** What a run of a provisioned group notes, each in one statement that only passes while the lease is its own. */
import type { GroupNote, LeasedGroup } from '../commands/group-ports.ts';
import type { OperationsContext } from './operations-context.ts';

/** A run whose lease was taken over finds no row here, and so writes nothing beside whoever runs the group now. */
const mine = `where tenant_id = $1 and id = $2 and fence = $3 and state = 'running'`;
const held = `with held as materialized (select id, tenant_id from provisioned_group ${mine} for no key update),`;
const change = (set: string): string => `update provisioned_group set ${set} ${mine} returning 1`;
const accounts = `select "accountId" from jsonb_to_recordset($4::jsonb) as v("accountId" text)`;

export async function noteGroup({ session, clock, chance }: OperationsContext, leased: LeasedGroup, note: GroupNote): Promise<boolean> {
  const [text, parameters] = statementOf(note, clock.now(), () => chance.uuid());
  const rows = await session.query(text, [leased.group.tenantId, leased.group.id, leased.fence, ...parameters]);
  return rows.length > 0;
}

function statementOf(note: GroupNote, now: Date, uuid: () => string): readonly [text: string, parameters: readonly unknown[]] {
  switch (note.kind) {
    case 'creating':
      return [change('begun_name = $4, asked_at = coalesce(asked_at, $5)'), [note.name, now]];
    case 'not-created':
      return [change('begun_name = null, asked_at = null'), []];
    case 'found':
      return [
        change('target_group_id = $4, applied_name = $5, origin = $6, asked_at = $7, begun_name = null, right_at = null'),
        [note.id, note.name, note.origin, note.origin === 'created' ? note.askedAt : null],
      ];
    case 'renaming':
      return [change('applied_name = null, right_at = null'), []];
    case 'renamed':
      return [change('applied_name = $4, right_at = null'), [note.name]];
    case 'deleting':
      return [change('fence = fence'), []];
    case 'lost':
      return [
        `${held} gone as (delete from provisioned_member m using held where m.provisioned_group_id = held.id)
         update provisioned_group g set target_group_id = null, applied_name = null, origin = null, asked_at = null, right_at = null
         from held where g.id = held.id returning 1`,
        [],
      ];
    case 'adding':
      // Before the call: what a crash leaves behind at the target is known to be ours.
      return [
        `${held} written as (
           insert into provisioned_member (id, tenant_id, provisioned_group_id, user_id, account_id, state, changed_at)
           select v.id, held.tenant_id, held.id, v."userId", v."accountId", 'adding', $5
           from held cross join jsonb_to_recordset($4::jsonb) as v(id uuid, "userId" uuid, "accountId" text)
           on conflict (provisioned_group_id, account_id) do update set user_id = excluded.user_id, state = 'adding', changed_at = excluded.changed_at)
         select 1 from held`,
        [JSON.stringify(note.members.map(({ userId, accountId }) => ({ id: uuid(), userId, accountId }))), now],
      ];
    case 'removing':
      return [
        `${held} written as (
           update provisioned_member m set state = 'removing', changed_at = $5 from held
           where m.provisioned_group_id = held.id and m.account_id in (${accounts}))
         select 1 from held`,
        [idsOf(note.members), now],
      ];
    case 'added':
      return [
        `${held} written as (
           update provisioned_member m set state = case when m.account_id = any($5::text[]) then 'unknown' else 'member' end, changed_at = $6
           from held where m.provisioned_group_id = held.id and m.account_id in (${accounts}))
         update provisioned_group g set added = g.added + $7::int from held where g.id = held.id returning 1`,
        [idsOf(note.members), note.unknown, now, note.members.length - note.unknown.length],
      ];
    case 'removed':
    case 'forgotten':
      return [
        `${held} written as (
           delete from provisioned_member m using held where m.provisioned_group_id = held.id and m.account_id in (${accounts}))
         update provisioned_group g set removed = g.removed + $5::int from held where g.id = held.id returning 1`,
        [idsOf(note.members), note.kind === 'removed' ? note.members.length : 0],
      ];
  }
}

function idsOf(members: readonly { readonly accountId: string }[]): string {
  return JSON.stringify(members.map(({ accountId }) => ({ accountId })));
}
