/** Sessions that were begun before they had an id of their own, by people who stay signed in through the update. */
import { MikroORM } from '@mikro-orm/pglite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ormOptions } from '../../src/persistence/orm.ts';

const tenantId = '01900000-0000-7000-8000-000000000001';
const userId = '01900000-0000-7000-8000-000000000002';
const administratorId = '01900000-0000-7000-8000-000000000003';
const serviceProviderId = '01900000-0000-7000-8000-000000000004';
const hour = 3_600_000;

let orm: Awaited<ReturnType<typeof open>>;
const open = () => MikroORM.init({ ...ormOptions, dbName: 'memory://' });
beforeAll(async () => {
  orm = await open();
  await orm.migrator.up({ to: 'Migration20261124000000' });
});
afterAll(() => orm.close());

const run = (text: string, parameters: readonly unknown[] = []) => orm.em.getConnection().execute(text, parameters);
/** As connect-pg-simple says it, whatever columns there are. */
const write = (sid: string, content: object, expires: Date) =>
  run(
    'INSERT INTO "session" (sess, expire, sid) SELECT ?, to_timestamp(?), ? ON CONFLICT (sid) DO UPDATE SET sess = EXCLUDED.sess, expire = EXCLUDED.expire',
    [JSON.stringify({ cookie: { originalMaxAge: 8 * hour, expires }, ...content }), expires.getTime() / 1000, sid],
  );

it('come to have an id, a beginning and a tenant, and those that older processes write have them too', async () => {
  await run(`insert into tenant values (?, 'one', 1, now())`, [tenantId]);
  await run(
    `insert into administrator (id, tenant_id, user_name, role, must_change_password, created_at) values (?, ?, 'admin', 'owner', false, now())`,
    [administratorId, tenantId],
  );
  const expires = new Date(Math.ceil(Date.now() / 1000) * 1000 + 5 * hour);
  const person = { person: { tenantId, userId, serviceProviderId }, tenantId, userId };
  await write('of a user', person, expires);
  await write('of an administrator', { administratorId }, expires);
  await orm.migrator.up();
  await write('later', person, expires);
  // Written once more, it is the same session.
  const [before] = await run(`select id from session where sid = 'of a user'`);
  await write('of a user', person, expires);

  const rows = await run(
    "select *, signed_in_at = expire - interval '8 hours' as then, signed_in_at > now() - interval '1 minute' as now from session order by sid",
  );
  expect(rows).toMatchObject([
    { sid: 'later', kind: 'user', tenant_id: tenantId, now: true },
    { sid: 'of a user', id: before?.['id'], kind: 'user', tenant_id: tenantId, service_provider_id: serviceProviderId, then: true },
    { sid: 'of an administrator', kind: 'administrator', tenant_id: tenantId, administrator_id: administratorId, then: true },
  ]);
  const ids = rows.map((row) => String(row['id']));
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
