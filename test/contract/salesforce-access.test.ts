/** How Usher gets into an organisation of Salesforce, and what `check` says where it does not. */
import { generateKeyPairSync } from 'node:crypto';
import { Connection } from 'jsforce/lib/connection.js';
import { describe, expect, it } from 'vitest';
import { failureOf } from './bench.ts';
import { ann, salesforceWorld } from './salesforce-world.ts';

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const otherKeys = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const jwt = {
  authentication: 'jwt-bearer',
  privateKey: keys.privateKey,
  audience: 'https://login.salesforce.com',
  clientSecret: undefined,
};

describe('the session', () => {
  it('is had by each of the three flows', async () => {
    const { open, server, call } = await salesforceWorld({}, { publicKey: keys.publicKey });
    for (const config of [{}, jwt, { authentication: 'client-credentials', loginUrl: server.instanceUrl }])
      expect(await open(config).check(call)).toEqual([]);
    expect(server.tokens.issued).toBe(3);
  });

  it('is asked for once, however many calls begin together, and kept', async () => {
    const { connector, server, call } = await salesforceWorld();
    await Promise.all(['a', 'b', 'c'].map((name) => connector.find('Username', `${name}@example.com`, call)));
    await connector.create(ann, call);
    expect(server.tokens.issued).toBe(1);
  });

  it('is renewed once where it expires between two calls of one user, and the call is replayed', async () => {
    const { connector, server, call } = await salesforceWorld();
    await connector.find('Username', 'warm-up@example.com', call);
    for (let calls = 0; calls < 4; calls++) {
      server.expireSessionsAfter(calls);
      const name = `ann${calls}@example.com`;
      await connector.create({ ...ann, Username: name, ownId: name, permissionSets: ['Beta_Tester'] }, call);
      expect(server.org.rows('User').filter((row) => row['Username'] === name)).toHaveLength(1);
    }
    expect(server.tokens.issued).toBeGreaterThan(3);
  });

  it('that the endpoint has no time for is weather, one that it refuses is not', async () => {
    const { open, server, call } = await salesforceWorld();
    const connector = open({});
    server.tokens.refuse({ status: 400, error: 'server_busy', error_description: 'try again' });
    expect(await failureOf(connector.create(ann, call))).toEqual({ kind: 'transient', mayHaveApplied: false });
    server.tokens.refuse({ status: 503, error: 'unavailable', error_description: '' });
    expect(await failureOf(connector.create(ann, call))).toEqual({ kind: 'transient', mayHaveApplied: false });
    server.tokens.refuse({ status: 400, error: 'invalid_grant', error_description: 'inactive user' });
    expect(await failureOf(connector.create(ann, call))).toEqual({ kind: 'unauthorized' });
    server.tokens.refuse(null);
    await connector.create(ann, call);
  });
});

describe('check', () => {
  it('names the field of the form that is to blame, and no secret', async () => {
    const { open, server, call } = await salesforceWorld({}, { publicKey: keys.publicKey });
    for (const [field, config] of [
      ['clientId', { clientId: 'wrong' }],
      ['clientSecret', { clientSecret: 'wr0ng-secret' }],
      ['password', { password: 'wr0ng-secret' }],
      ['loginUrl', { authentication: 'client-credentials' }],
      ['loginUrl', { loginUrl: 'http://127.0.0.1:1' }],
      ['privateKey', { ...jwt, privateKey: otherKeys.privateKey }],
      ['privateKey', { ...jwt, privateKey: 'wr0ng-secret' }],
      ['audience', { ...jwt, audience: 'https://test.salesforce.com' }],
      ['username', { ...jwt, username: 'nobody@example.com' }],
      ['apiVersion', { apiVersion: '99.0' }],
      ['timeZone', { timeZone: 'Mars/Olympus' }],
      ['locale', { locale: 'en-GB' }],
      ['emailEncoding', { emailEncoding: 'EBCDIC' }],
      ['language', { language: 'tlh' }],
      ['profile', { profile: 'No Such Profile' }],
      ['ownIdField', { ownIdField: 'No_Such__c' }],
      ['ownIdField', { ownIdField: 'Desk__c' }],
    ] as const) {
      const problems = await open(config).check(call);
      expect(problems, `${field} ${JSON.stringify(problems)}`).toMatchObject([{ field }]);
      expect(JSON.stringify(problems)).not.toMatch(/wr0ng-secret|PRIVATE KEY|undefined/);
    }
    expect((await open({ locale: 'en-GB' }).check(call))[0]?.message).toContain('"en_GB" perhaps?');
    server.org.put('User', { IsActive: true, ProfileId: platform() });
    server.org.put('User', { IsActive: true, ProfileId: platform() });
    expect(await open({ profile: 'Standard Platform User' }).check(call)).toMatchObject([{ field: 'profile' }]);

    function platform(): string {
      return String(server.org.rows('Profile').find((row) => row['Name'] === 'Standard Platform User')?.['Id']);
    }
  });

  it('tells an address without a token endpoint from a wrong secret, whatever answers there', async () => {
    const { open, server, call } = await salesforceWorld({}, { publicKey: keys.publicKey });
    const message = 'There is no token endpoint at this address: it answers 404.';
    for (const config of [{}, jwt, { authentication: 'client-credentials' }])
      // What the organisation says of an unknown path is JSON, what the login host says is a page.
      for (const address of [server.instanceUrl, server.loginUrl])
        expect(await open({ ...config, loginUrl: `${address}/setup` }).check(call)).toEqual([{ field: 'loginUrl', message }]);
    expect(await failureOf(open({ loginUrl: `${server.loginUrl}/setup` }).create(ann, call))).toEqual({ kind: 'unauthorized' });
  });

  it('says that the integration user may not manage users', async () => {
    const { connector, server, call } = await salesforceWorld();
    for (const object of ['Profile', 'PermissionSet'])
      for (const row of server.org.rows(object)) Object.assign(row, { PermissionsManageUsers: false });
    expect(await connector.check(call)).toEqual([{ field: null, message: 'The integration user lacks the permission "Manage Users".' }]);
  });
});

describe('the fake', () => {
  it("answers the vendor's own client, with its own transport", async () => {
    const { server } = await salesforceWorld({}, { pageSize: 2 });
    const { clientId, clientSecret, username, password, loginUrl } = server;
    const client = new Connection({ loginUrl, version: '64.0', oauth2: { loginUrl, clientId, clientSecret } });
    await client.login(username, password);
    expect(client.instanceUrl).toBe(server.instanceUrl);
    const made = await client.create('Group', { Name: 'Staff' });
    expect(made).toMatchObject({ success: true, errors: [] });
    const sets = await client.query('SELECT Id, Name FROM PermissionSet', { autoFetch: true, maxFetch: 100 });
    expect(sets.records.length).toBe(server.org.rows('PermissionSet').length);
    await expect(client.query("SELECT Id FROM User WHERE Name LIKE 'a%'")).rejects.toMatchObject({ errorCode: 'MALFORMED_QUERY' });
    await expect(client.create('User', { LastName: 'Lee' })).rejects.toMatchObject({ errorCode: 'REQUIRED_FIELD_MISSING' });
    await expect(
      client.request({
        method: 'POST',
        url: '/composite/sobjects',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ records: ['Group', 'Account'].map((type) => ({ attributes: { type }, Name: 'x' })) }),
      }),
    ).rejects.toThrow(/multiple object types/);
    // The session expires, and the client signs in again by itself.
    server.tokens.expireAll();
    expect((await client.query('SELECT Id FROM Profile')).totalSize).toBe(3);
    expect(client.limitInfo.apiUsage?.limit).toBe(15_000);
  });
});
