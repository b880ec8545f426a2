import { google } from '../../src/connectors/google/index.ts';
import { startGoogleServer } from '../support/targets/google-server.ts';
import { contractKit } from './kit.ts';
import { httpMethodOf } from './kit-faults.ts';

contractKit({
  name: 'Google Workspace',
  definition: google,
  start: async () => {
    const server = await startGoogleServer();
    const { directory } = server;
    const groupsNamed = (name: string) => [...directory.groups.values()].filter((group) => group.name === name);
    return {
      config: server.config,
      inject: (kind, times, method) => {
        const newest = server.users().at(-1);
        if (kind === '404' && newest && ['update', 'deactivate', 'delete'].includes(method)) {
          // A 404 about an account that was just made is no news at Google: here it is really gone.
          directory.deleteUser(newest);
        } else if (kind === '404' && method === 'rename-group') server.fault(kind, { times });
        else {
          // A token that is refused once is renewed; a group whose address is taken gets another.
          const twice = kind === '401' || (kind === '409' && method.endsWith('-group'));
          server.fault(kind, { times: twice ? 2 : times, method: httpMethodOf[method] });
        }
      },
      clearFaults: () => server.clear(),
      stored: (address) => server.users().filter(({ resource }) => resource.primaryEmail === address).length,
      groups: {
        storedGroups: (name) => groupsNamed(name).length,
        membersOf: (name) => groupsNamed(name).flatMap(({ members }) => [...members.keys()]),
        putForeignMember: (name) => {
          const [group] = groupsNamed(name);
          if (group) directory.addMember(group, { email: 'guest@elsewhere.example' });
          return 'guest@elsewhere.example';
        },
      },
      stop: () => server.close(),
    };
  },
});
