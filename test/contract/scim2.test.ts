import { scim2 } from '../../src/connectors/scim2/index.ts';
import { startScimServer } from '../support/targets/scim-server.ts';
import { contractKit } from './kit.ts';

contractKit({
  name: 'SCIM 2.0',
  definition: scim2,
  start: async () => {
    const server = await startScimServer({ token: 'canary-9f31' });
    return {
      config: { baseUrl: server.url, authentication: 'bearer', token: server.token, groups: true },
      // Members are looked at before they are changed: the fault meets the change.
      inject: (kind, times, method) =>
        server.fault(kind, { times, ...(method.endsWith('-members') && kind !== '404' ? { method: 'PATCH' } : {}) }),
      clearFaults: () => server.clear(),
      stored: (userName) => server.users().filter((user) => user.userName === userName).length,
      groups: {
        storedGroups: (name) => server.groups().filter(({ displayName }) => displayName === name).length,
        membersOf: (name) =>
          server.groups().flatMap(({ displayName, members }) => (displayName === name ? (members ?? []).map(({ value }) => value) : [])),
        putForeignMember: (name) => {
          server.addMember(name, 'group-of-others');
          return 'group-of-others';
        },
      },
      stop: () => server.close(),
    };
  },
});
