/** Work in the background over all tenants, of which one has rows that the database itself refuses to change. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkSavedConnectors } from '../../src/commands/check-saved-connectors.ts';
import { finishConnectorRemovals } from '../../src/commands/finish-connector-removals.ts';
import { forgetLoginAttempts } from '../../src/commands/forget-login-attempts.ts';
import type { House } from '../../src/commands/ports.ts';
import { reevaluate } from '../../src/commands/reevaluate.ts';
import { requestDueDeletions } from '../../src/commands/request-due-deletions.ts';
import { settleAbandonedLogins } from '../../src/commands/resume-login.ts';
import type { LoginState } from '../../src/domain/vocabulary.ts';
import { openConfiguration, type Configuration } from '../support/configuration.ts';
import { makePeople, type People } from './people.ts';

let configuration: Configuration;
beforeAll(async () => {
  configuration = await openConfiguration();
});
afterAll(() => configuration.close());

const longAgo = new Date('2020-02-02T02:02:02Z');
const target = (people: People, change: object) => people.write((tx) => tx.change('target', people.world.target.id, change));
const login = (people: People, state: LoginState) =>
  people.write((tx) =>
    tx.insert('loginAttempt', {
      ...{ serviceProviderId: people.world.serviceProvider.id, identityProviderId: null, userId: null, state, refusal: null },
      ...{ reference: 'R', browserHash: null, returnTo: null, holds: [], createdAt: longAgo, decidedAt: null },
    }),
  );
const reads = ({ tenantId }: People) => configuration.database.reads(tenantId);

interface Round {
  /** What writes to this table, in this way, fails in the one tenant. */
  readonly table: string;
  readonly write: 'update' | 'delete';
  readonly leaveWork: (people: People) => Promise<unknown>;
  readonly run: (house: House) => Promise<unknown>;
  readonly left: (people: People) => Promise<number>;
}
const rounds: readonly (Round & { readonly round: string })[] = [
  {
    round: 'trying saved connectors',
    ...{ table: 'connector_check', write: 'update' },
    leaveWork: (people) =>
      people.write((tx) =>
        tx.insert('connectorCheck', { targetId: people.world.target.id, dueAt: longAgo, checkedAt: null, problems: null }),
      ),
    run: (house) => checkSavedConnectors(house, () => false),
    left: (people) => reads(people).count('connectorCheck', { checkedAt: null }),
  },
  {
    round: 'forgetting old logins',
    ...{ table: 'login_attempt', write: 'delete' },
    leaveWork: (people) => login(people, 'refused'),
    run: (house) => forgetLoginAttempts(house, new Date('2021-01-01')),
    left: (people) => reads(people).count('loginAttempt', {}),
  },
  {
    round: 'deciding abandoned logins',
    ...{ table: 'login_attempt', write: 'update' },
    leaveWork: (people) => login(people, 'held'),
    run: settleAbandonedLogins,
    left: (people) => reads(people).count('loginAttempt', { state: 'held' }),
  },
  {
    round: 'asking for due deletions',
    ...{ table: 'link', write: 'update' },
    leaveWork: async (people) => {
      await target(people, { removal: 'deactivate-then-delete' });
      await people.link(people.world.user, people.world.target);
      const [link] = await reads(people).find('link', {});
      await people.write((tx) => tx.change('link', link!.id, { active: false, deleteAt: longAgo }));
    },
    run: requestDueDeletions,
    left: (people) => reads(people).count('link', { deletionAskedAt: null }),
  },
  {
    round: 'finishing removals of connectors',
    ...{ table: 'target', write: 'delete' },
    leaveWork: (people) => target(people, { removalAskedAt: longAgo }),
    run: finishConnectorRemovals,
    left: (people) => reads(people).count('target', {}),
  },
  {
    round: 'looking again after a change of settings',
    ...{ table: 'reevaluation', write: 'update' },
    leaveWork: (people) =>
      people.write((tx) =>
        tx.insert('reevaluation', {
          ...{ cause: 'outbound-roles', targetIds: [people.world.target.id], total: 1 },
          ...{ state: 'waiting', done: 0, requested: 0, cursor: null, finishedAt: null },
        }),
      ),
    run: (house) => reevaluate(house, () => false),
    left: (people) => reads(people).count('reevaluation', { state: 'waiting' }),
  },
];

test.each(rounds)('$round goes on past a tenant in which it fails, says so, and comes back to it', async (round) => {
  const { database, house, logged } = configuration;
  const both = [await makePeople(configuration), await makePeople(configuration)];
  for (const people of both) await round.leaveWork(people);
  const order = (await database.tenants.all()).map(({ id }) => id);
  const [broken, well] = both.toSorted((a, b) => order.indexOf(a.tenantId) - order.indexOf(b.tenantId)) as [People, People];
  await database.query(`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'No.'; end $$`);
  await database.query(
    `create trigger refuse before ${round.write} on ${round.table} for each row when (old.tenant_id = '${broken.tenantId}') execute function refuse()`,
  );
  const before = logged.length;
  await round.run(house);
  expect([await round.left(broken), await round.left(well)]).toEqual([1, 0]);
  expect(logged.slice(before).filter((line) => line.includes(broken.tenantId))).toHaveLength(1);

  await database.query(`drop function refuse cascade`);
  await round.run(house);
  expect(await round.left(broken)).toBe(0);
});
