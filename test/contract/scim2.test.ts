import { scim2 } from '../../src/connectors/scim2/index.ts';
import { startScimServer } from '../support/targets/scim-server.ts';
import { contractKit } from './kit.ts';

contractKit({
  name: 'SCIM 2.0',
  definition: scim2,
  start: async () => {
    const server = await startScimServer({ token: 'canary-9f31' });
    return {
      config: { baseUrl: server.url, authentication: 'bearer', token: server.token },
      inject: (kind, times) => server.fault(kind, { times }),
      clearFaults: () => server.clear(),
      stored: (userName) => server.users().filter((user) => user.userName === userName).length,
      stop: () => server.close(),
    };
  },
});
