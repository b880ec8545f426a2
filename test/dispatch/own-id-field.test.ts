/** Our id of a user goes to the field that a connector's form names for it, also where that is named when the accounts are there already. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TargetId } from '../../src/domain/vocabulary.ts';
import type { Target } from '../support/administer.ts';
import { startClouds, type Clouds } from '../support/clouds.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { until } from '../support/people.ts';

let engine: Engine;
let clouds: Clouds;
beforeAll(async () => {
  [engine, clouds] = await Promise.all([startEngine(), startClouds()]);
});
afterAll(() => Promise.all([engine.close(), clouds.close()]));

const reads = () => engine.usher.app.database.reads(engine.usher.tenantId);
const configure = async ({ connectorId: id }: Target, config: object): Promise<void> => {
  const version = (await reads().byId('target', id))?.version;
  const document = `mutation($input: ConfigureProvisioningConnectorInput!) { configureProvisioningConnector(input: $input) { __typename } }`;
  expect(await engine.admin.do(document, { input: { id, version, config } })).toEqual({ __typename: 'ProvisioningConnector' });
};
const reevaluations = ({ connectorId }: Target) =>
  reads()
    .find('reevaluation', {})
    .then((all) => all.filter(({ targetIds }) => targetIds.includes(connectorId as TargetId)).length);

/** Somebody with an account in an organisation whose connector names no field. */
async function without() {
  const organisation = await clouds.organisation(engine.admin, `Sales ${randomUUID()}`);
  await configure(organisation, { ownIdField: null });
  const app = await engine.serviceProvider({ target: organisation });
  const user = await engine.register(app, `${randomUUID()}@acme.example`);
  await engine.rest(organisation);
  const account = () => clouds.salesforce.org.rows('User').find((row) => row['Username'] === user.userName);
  const link = async () => (await reads().find('link', { userId: user.id }))[0];
  return { organisation, user, account, link };
}

it('is written to every account when its field is named, and again when that is another one', async () => {
  const { organisation, user, account, link } = await without();
  expect(account()).toMatchObject({ IsActive: true });
  expect(account()?.['Usher_Id__c'] ?? null).toBeNull();
  expect((await link())?.applied).not.toHaveProperty('ownId');
  await configure(organisation, { ownIdField: 'Usher_Id__c' });
  await until(() => account()?.['Usher_Id__c'] === user.id);
  await engine.rest(organisation);
  expect((await link())?.applied).toMatchObject({ ownId: user.id });
  await configure(organisation, { ownIdField: 'FederationIdentifier' });
  await until(() => account()?.['FederationIdentifier'] === user.id);
});

it('is written as well where a release before counted it as written though no field was named', async () => {
  const { organisation, user, account, link } = await without();
  const before = await link();
  await engine.usher.app.database.transaction(engine.usher.tenantId, (tx) =>
    tx.change('link', before?.id ?? '', { applied: { ...before?.applied, ownId: user.id } }),
  );
  await configure(organisation, { ownIdField: 'Usher_Id__c' });
  await until(() => account()?.['Usher_Id__c'] === user.id);
});

it('gives nobody reason to look again where its field stays, or is no longer named', async () => {
  const { organisation } = await without();
  await configure(organisation, { ownIdField: 'Usher_Id__c' });
  expect(await reevaluations(organisation)).toBe(1);
  await configure(organisation, { timeZone: 'Europe/Vienna' });
  await configure(organisation, { ownIdField: null });
  expect(await reevaluations(organisation)).toBe(1);
});
