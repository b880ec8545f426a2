import { salesforce } from '../../src/connectors/salesforce/index.ts';
import { startSalesforceServer } from '../support/targets/salesforce-server.ts';
import { httpMethodOf } from './kit-faults.ts';
import { contractKit } from './kit.ts';

contractKit({
  name: 'Salesforce',
  definition: salesforce,
  settings: {
    list: { attribute: 'permissionSets', values: ['Beta_Tester', 'Report_Builder', 'Super'], ordered: false },
    unknownAccountId: '005Xy0000zzzzzzIAA',
  },
  start: async () => {
    const server = await startSalesforceServer({ clientSecret: 'canary-secret-9f31', password: 'canary-password-77' });
    const group = (name: string) => server.org.rows('Group').filter((row) => row['Name'] === name);
    return {
      config: {
        authentication: 'password',
        loginUrl: server.loginUrl,
        clientId: server.clientId,
        clientSecret: server.clientSecret,
        username: server.username,
        password: server.password,
        profile: 'Standard User',
        ownIdField: 'Usher_Id__c',
      },
      // A 401 is met by renewing the session once: only the second says that Usher is refused.
      inject: (kind, times, method) => server.fault(kind, { times: kind === '401' ? 2 : times, method: httpMethodOf[method] }),
      clearFaults: () => server.clear(),
      stored: (username) => server.org.rows('User').filter((row) => row['Username'] === username).length,
      groups: {
        storedGroups: (name) => group(name).length,
        membersOf: (name) => {
          const ids = group(name).map((row) => row['Id']);
          return server.org
            .rows('GroupMember')
            .flatMap((row) => (ids.includes(row['GroupId'] ?? null) ? [String(row['UserOrGroupId'])] : []));
        },
        putForeignMember: (name) => {
          const nested = server.org.put('Group', { Name: 'Nested', Type: 'Regular' });
          server.org.put('GroupMember', { GroupId: group(name)[0]!['Id']!, UserOrGroupId: nested });
          return nested;
        },
      },
      stop: () => server.close(),
    };
  },
});
