/** The GraphQL documents in each connector's README lead from nothing to the first provisioned user, in the order in which they stand there. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startClouds, type Clouds } from '../support/clouds.ts';
import { until } from '../support/people.ts';
import { startScimServer, type ScimServer } from '../support/targets/scim-server.ts';
import { startUsher, type RunningUsher } from '../support/usher.ts';
import { ask, bearer } from '../support/web.ts';

let usher: RunningUsher;
let clouds: Clouds;
let scim: ScimServer;
beforeAll(async () => {
  [usher, clouds, scim] = await Promise.all([startUsher(), startClouds(), startScimServer()]);
});
afterAll(() => Promise.all([usher.close(), clouds.close(), scim.close()]));

/** The form of the README with the addresses and secrets of the fake, and whom the fake then has. */
const guides: readonly (readonly [string, () => object, () => readonly unknown[]])[] = [
  [
    'google',
    () => ({ ...clouds.google.config, userIdDomain: 'acme.example' }),
    () => clouds.google.users().map(({ resource }) => resource.primaryEmail.split('@')[0]),
  ],
  [
    'salesforce',
    () => ({
      ...{ authentication: 'client-credentials', loginUrl: clouds.salesforce.instanceUrl, profile: 'Standard User' },
      ...{ clientId: clouds.salesforce.clientId, clientSecret: clouds.salesforce.clientSecret, ownIdField: 'Usher_Id__c' },
    }),
    () => clouds.salesforce.org.rows('User').map((row) => String(row['Username']).split('@')[0]),
  ],
  [
    'scim2',
    () => ({ baseUrl: scim.url, authentication: 'bearer', token: scim.token }),
    () => scim.users().map(({ userName }) => userName.split('@')[0]),
  ],
];

describe.each(guides)('the guide of %s', (connector, config, users) => {
  it('is right', async () => {
    const text = await readFile(`src/connectors/${connector}/README.md`, 'utf8');
    const query = /^```graphql\n([\s\S]*?)^```$/m.exec(text)?.[1] ?? '';
    // Each connector's tour begins in an empty Usher.
    const own = (document: string): string =>
      document.replace('"Portal"', `"Portal of ${connector}"`).replaceAll(/"(ann|bob)/g, `"$1-${connector}`);
    const operation = (name: string): string => {
      const parts = own(query).split(/\n(?=query|mutation)/);
      return parts.find((part) => new RegExp(`^(query|mutation) ${name}\\b`).test(part)) ?? '';
    };
    const run = async (name: string, variables: Record<string, unknown> = {}): Promise<any> => {
      const { data, errors } = await ask(usher.url, operation(name), variables, bearer(usher.token));
      expect(errors, name).toBeUndefined();
      return data;
    };
    const fields = new Set([...text.matchAll(/`([a-z][A-Za-z0-9]*)`/g)].map((match) => match[1]));
    expect(
      Object.keys(config()).filter(
        (field) => !fields.has(field) && !text.includes(`${field}:`) && !['tokenUrl', 'apiRoot'].includes(field),
      ),
    ).toEqual([]);

    expect((await run('Check', { config: config() })).checkProvisioningConnector).toEqual({ works: true, problems: [] });
    const identityProvider = (await run('AddProvider')).addIdentityProvider.id;
    const connectorId = (await run('Enable', { identityProvider, config: config() })).enableProvisioningConnector.id;
    await until(async () => (await run('Saved', { connector: connectorId })).provisioningConnector.lastCheck?.ok);
    const user = (await run('CreateUser')).createUser.id;
    expect((await run('Assign', { user, connector: connectorId })).assignUser.id).toBeTypeOf('string');
    await until(async () => (await run('Look', { user })).user.links.edges[0]?.node.active);
    const { id: serviceProvider, outboundProvisioning } = (await run('AddPortal')).registerServiceProvider;
    const row = { serviceProvider, identityProvider, connector: connectorId, version: outboundProvisioning.version };
    expect((await run('Provision', row)).configureOutboundProvisioning.__typename).toBe('ConfiguredOutboundProvisioning');
    const registered = (await run('Register', { serviceProvider })).registerUser.id;
    await until(async () => (await run('Look', { user: registered })).user.links.edges[0]?.node.active);
    expect(users()).toEqual(expect.arrayContaining([`ann-${connector}`, `bob-${connector}`]));
  });
});
