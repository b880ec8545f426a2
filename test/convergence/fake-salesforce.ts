/** Salesforce with what it is known for: sessions that expire, rows that are locked, usernames that others have, users that cannot be deactivated. */
import { startSalesforceServer, type SalesforceServer } from '../support/targets/salesforce-server.ts';
import { commonFault, pick, type Fake } from './fake.ts';

export async function fakeSalesforce(): Promise<Fake> {
  return salesforceFake(await startSalesforceServer());
}

export function salesforceFake(server: SalesforceServer): Fake {
  const { org } = server;
  const ours = new Set([org.ownUserId]);
  const before = new Set<unknown>(org.rows('Group').map((row) => row['Id']));
  const profile = (name: string): string => String(org.rows('Profile').find((row) => row['Name'] === name)?.['Id']);
  const isFrozen = (id: unknown): boolean => org.rows('UserLogin').some((row) => row['UserId'] === id && row['IsFrozen'] === true);
  return {
    connectorType: 'salesforce',
    config: {
      authentication: 'client-credentials',
      loginUrl: server.instanceUrl,
      clientId: server.clientId,
      clientSecret: server.clientSecret,
      profile: 'Standard User',
      ownIdField: 'Usher_Id__c',
    },
    freesNames: true,
    hasProtected: true,
    // A user of Salesforce is never deleted.
    removals: ['deactivate'],
    accounts: () =>
      org
        .rows('User')
        .filter((row) => !ours.has(String(row['Id'])))
        .map((row) => ({
          id: String(row['Id']),
          active: row['IsActive'] === true && !isFrozen(row['Id']),
          name: String(row['Username']),
          ownId: typeof row['Usher_Id__c'] === 'string' ? row['Usher_Id__c'] : null,
          shown: {
            givenName: row['FirstName'] ?? undefined,
            familyName: row['LastName'],
            email: row['Email'],
            title: row['Title'] ?? undefined,
            phone: row['Phone'] ?? undefined,
            department: row['Department'] ?? undefined,
          },
          whole: JSON.stringify([row, isFrozen(row['Id'])]),
          passwords: null,
        })),
    groups: () =>
      org
        .rows('Group')
        .filter((row) => row['Type'] === 'Regular' && !before.has(row['Id']))
        .map((row) => ({
          id: String(row['Id']),
          name: String(row['Name']),
          members: org
            .rows('GroupMember')
            .filter((member) => member['GroupId'] === row['Id'])
            .map((member) => String(member['UserOrGroupId'])),
        })),
    putMember: (groupId, number) => {
      const nested = org.put('Group', { Name: `Nested ${number}`, Type: 'Regular' });
      before.add(nested);
      org.put('GroupMember', { GroupId: groupId, UserOrGroupId: nested });
      return nested;
    },
    expected: ({ userName, attributes }) => ({
      givenName: attributes['givenName'],
      familyName: attributes['familyName'] ?? userName,
      email: userName,
      title: attributes['title'],
      phone: attributes['phone'],
      department: attributes['department'],
    }),
    put: (name, isProtected) =>
      org.put('User', {
        Username: name,
        LastName: 'By Others',
        Email: name,
        Alias: 'others',
        IsActive: true,
        ProfileId: profile(isProtected ? 'System Administrator' : 'Standard User'),
      }),
    suspend: (id) => void Object.assign(org.get('User', id), { IsActive: false }),
    tamper: (id, random) => {
      const what = pick(random, ['renames', 'deactivates', 'freezes'] as const);
      const login = org.rows('UserLogin').find((row) => row['UserId'] === id);
      if (what === 'freezes') Object.assign(login ?? {}, { IsFrozen: true });
      else Object.assign(org.get('User', id), what === 'deactivates' ? { IsActive: false } : { LastName: 'By Others', Title: 'Changed' });
      return what;
    },
    misbehave: (random) => {
      const what = pick(random, ['common', 'common', 'locks', 'expires', 'taken elsewhere', 'undeactivatable'] as const);
      const users = org.rows('User').filter((row) => !ours.has(String(row['Id'])));
      switch (what) {
        case 'common':
          return commonFault(server, random);
        case 'locks':
          org.lockRows(pick(random, [1, 2, 9]));
          break;
        case 'expires':
          server.expireSessionsAfter(pick(random, [0, 1, 2, 5]));
          break;
        case 'taken elsewhere':
          org.takenElsewhere.add(`person${Math.floor(random() * 40)}@acme.example`);
          break;
        case 'undeactivatable': {
          // It stays so: whoever is the default owner of something is frozen instead.
          if (users.length > 0) org.undeactivatable.add(String(pick(random, users)['Id']));
        }
      }
      return what;
    },
    fault: (kind, times, after = 0) => server.fault(kind, { times, after }),
    behave: () => {
      server.clear();
      org.lockRows(0);
      org.takenElsewhere.clear();
      server.expireSessionsAfter(Infinity);
    },
    close: () => server.close(),
  };
}
