/** A fake Google and a fake Salesforce behind one Usher, configured through GraphQL, and what they hold by their own books. */
import type { Administrator, Target } from './administer.ts';
import { startGoogleServer, type GoogleServer } from './targets/google-server.ts';
import { startSalesforceServer, type SalesforceServer } from './targets/salesforce-server.ts';

export interface Clouds {
  readonly google: GoogleServer;
  readonly salesforce: SalesforceServer;
  /** A target of its own identity provider over the one directory. */
  workspace(admin: Administrator, name: string, config?: Readonly<Record<string, unknown>>): Promise<Target>;
  organisation(admin: Administrator, name: string): Promise<Target>;
  atGoogle(address: string): readonly GoogleAccount[];
  atSalesforce(username: string): readonly SalesforceAccount[];
  close(): Promise<void>;
}
export interface GoogleAccount {
  readonly id: string;
  readonly active: boolean;
  readonly givenName: unknown;
  readonly familyName: unknown;
  readonly phones: unknown;
  readonly title: unknown;
  /** How many passwords it was ever given. */
  readonly passwords: number;
}
export interface SalesforceAccount {
  readonly id: string;
  readonly active: boolean;
  readonly FirstName: unknown;
  readonly LastName: unknown;
  readonly Phone: unknown;
  readonly Title: unknown;
}

export const cloudDomain = 'acme.example';

export async function startClouds(): Promise<Clouds> {
  const [google, salesforce] = await Promise.all([startGoogleServer({ domains: [cloudDomain] }), startSalesforceServer()]);
  return {
    google,
    salesforce,
    workspace: (admin, name, config = {}) =>
      admin.addTarget({ name, connectorType: 'google', config: { ...google.config, userIdDomain: cloudDomain, ...config } }),
    organisation: (admin, name) =>
      admin.addTarget({
        name,
        connectorType: 'salesforce',
        config: {
          authentication: 'client-credentials',
          loginUrl: salesforce.instanceUrl,
          clientId: salesforce.clientId,
          clientSecret: salesforce.clientSecret,
          profile: 'Standard User',
          ownIdField: 'Usher_Id__c',
        },
      }),
    atGoogle: (address) =>
      google
        .users()
        .filter(({ resource }) => resource.primaryEmail === address)
        .map(({ id, resource, passwords }) => {
          const name = resource['name'] as { readonly givenName?: unknown; readonly familyName?: unknown } | undefined;
          const [work] = (resource['organizations'] ?? []) as readonly { readonly title?: unknown }[];
          return {
            id,
            active: resource['suspended'] !== true,
            givenName: name?.givenName,
            familyName: name?.familyName,
            phones: ((resource['phones'] ?? []) as readonly { readonly value: unknown }[]).map(({ value }) => value),
            title: work?.title,
            passwords: passwords.length,
          };
        }),
    atSalesforce: (username) =>
      salesforce.org
        .rows('User')
        .filter((row) => row['Username'] === username)
        .map(({ Id, IsActive, FirstName, LastName, Phone, Title }) => ({
          ...{ id: String(Id), active: IsActive === true },
          ...{ FirstName, LastName, Phone, Title },
        })),
    close: async () => {
      await Promise.all([google.close(), salesforce.close()]);
    },
  };
}
