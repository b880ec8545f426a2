/** A fake organisation and a connector to it, for the tests of what is special about Salesforce. */
import { onTestFinished } from 'vitest';
import type { Call, Connector } from '../../src/connectors/contract/connector.ts';
import { createHttpClient } from '../../src/connectors/network/http-client.ts';
import { openConnector } from '../../src/connectors/open-connections.ts';
import { salesforce } from '../../src/connectors/salesforce/index.ts';
import type { Literal } from '../support/targets/salesforce-soql.ts';
import { startSalesforceServer, type SalesforceOptions, type SalesforceServer } from '../support/targets/salesforce-server.ts';

export interface World {
  readonly server: SalesforceServer;
  readonly connector: Connector;
  readonly call: Call;
  /** What the connector told the log. */
  readonly told: readonly string[];
  /** Another connector to the same organisation. */
  readonly open: (config: Readonly<Record<string, unknown>>) => Connector;
  readonly user: (id: string) => Readonly<Record<string, Literal>>;
  /** Names of the permission sets that the user was given one by one. */
  readonly permissionSetsOf: (id: string) => readonly string[];
}

export async function salesforceWorld(config: Readonly<Record<string, unknown>> = {}, options: SalesforceOptions = {}): Promise<World> {
  const server = await startSalesforceServer(options);
  const http = createHttpClient({ allowInternalAddresses: true });
  onTestFinished(async () => {
    await http.close();
    await server.close();
  });
  const told: string[] = [];
  const open = (more: Readonly<Record<string, unknown>>): Connector => {
    const form = { ...formOf(server), ...more };
    const definitions = new Map([[salesforce.type, salesforce]]);
    return openConnector(definitions, { connectorType: salesforce.type, config: form }, { http, now: options.now ?? Date.now });
  };
  const setName = (id: Literal | undefined): string => {
    const set = server.org.rows('PermissionSet').find((row) => row['Id'] === id);
    return set?.['IsOwnedByProfile'] === true ? '' : String(set?.['Name']);
  };
  return {
    server,
    connector: open(config),
    open,
    told,
    call: {
      operationId: null,
      signal: AbortSignal.timeout(20_000),
      log: (fact, fields) => void told.push([fact, ...Object.values(fields ?? {})].join(' ')),
    },
    user: (id) => server.org.get('User', id),
    permissionSetsOf: (id) =>
      server.org
        .rows('PermissionSetAssignment')
        .filter((row) => row['AssigneeId'] === id)
        .map((row) => setName(row['PermissionSetId']))
        .filter((name) => name !== '')
        .toSorted(),
  };
}

/** The form for the flow with user name and password. */
export function formOf(server: SalesforceServer): Readonly<Record<string, unknown>> {
  return {
    authentication: 'password',
    loginUrl: server.loginUrl,
    clientId: server.clientId,
    clientSecret: server.clientSecret,
    username: server.username,
    password: 'pass+word&',
    securityToken: 'token',
    profile: 'Standard User',
    ownIdField: 'Usher_Id__c',
  };
}

export const ann = {
  Username: 'ann@example.com',
  LastName: 'Lee',
  FirstName: 'Ann',
  Email: 'ann@example.com',
  ownId: 'user-1',
} as const;
