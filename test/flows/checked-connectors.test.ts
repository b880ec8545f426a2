/** What an administrator sees of a connector that was saved: whether it works, a moment later and without asking. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSavedConnectors } from '../../src/commands/check-saved-connectors.ts';
import type { TargetId } from '../../src/domain/vocabulary.ts';
import { administer, type Administrator } from '../support/administer.ts';
import { startClouds, type Clouds } from '../support/clouds.ts';
import { settledEvents } from '../support/events.ts';
import { until } from '../support/people.ts';
import { startUsher, type RunningUsher } from '../support/usher.ts';

let usher: RunningUsher;
let clouds: Clouds;
let admin: Administrator;
beforeAll(async () => {
  [usher, clouds] = await Promise.all([startUsher(), startClouds()]);
  admin = administer(usher);
});
afterAll(() => Promise.all([usher.close(), clouds.close()]));

const shown = (id: string) =>
  admin.do(`query($id: ID!) { provisioningConnector(id: $id) { version lastCheck { at ok problems { field message } } } }`, { id });
const checked = (id: string) => until(async () => ((await shown(id)).lastCheck === null ? null : shown(id)));
const configure = async (id: string, config: object) =>
  admin.do(
    `mutation($input: ConfigureProvisioningConnectorInput!) { configureProvisioningConnector(input: $input) { __typename ... on ProvisioningConnector { lastCheck { ok } } ... on Problem { message } } }`,
    { input: { id, version: (await shown(id)).version, config } },
  );

const told = async (targetId: string) => {
  const request = { types: ['connector.checked'], targetId: targetId as TargetId, after: null, first: 100 };
  return (await settledEvents(usher.app.database.reads(usher.tenantId), request)).items;
};

describe('a connector that was saved', () => {
  it('says what is wrong with its defaults in the words of the organisation, and then that nothing is any more', async () => {
    const { connectorId: id } = await clouds.organisation(admin, 'Sales');
    expect((await checked(id)).lastCheck).toMatchObject({ ok: true, problems: [] });
    expect(await configure(id, { timeZone: 'Mars/Olympus' })).toEqual({ __typename: 'ProvisioningConnector', lastCheck: null });
    expect((await checked(id)).lastCheck).toMatchObject({ ok: false, problems: [{ field: 'timeZone' }] });
    await configure(id, { timeZone: 'Europe/Vienna' });
    expect((await checked(id)).lastCheck).toMatchObject({ ok: true, problems: [] });
    expect((await told(id)).map(({ payload }) => payload['works'])).toEqual([true, false, true]);
  });

  it('is tried by one process though several look', async () => {
    const { connectorId: id } = await clouds.workspace(admin, 'Mail');
    await checked(id);
    const { house } = usher.app;
    await configure(id, { customer: 'my_customer' });
    await Promise.all([1, 2, 3].map(() => checkSavedConnectors(house, () => false)));
    await checked(id);
    expect(await told(id)).toHaveLength(2);
  });
});
