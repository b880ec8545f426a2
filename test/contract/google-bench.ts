/** What the tests of single answers work with: a fake Google for each, and connections to it. */
import { createHttpClient } from '../../src/connectors/network/http-client.ts';
import type { Call, Connector } from '../../src/connectors/contract/connector.ts';
import { google } from '../../src/connectors/google/index.ts';
import { openConnector } from '../../src/connectors/open-connections.ts';
import type { AccountAttributes } from '../../src/domain/vocabulary.ts';
import { startGoogleServer, type GoogleServer, type GoogleServerOptions } from '../support/targets/google-server.ts';

export interface GoogleBench {
  start(options?: GoogleServerOptions): Promise<GoogleServer>;
  open(server: GoogleServer, config?: Readonly<Record<string, unknown>>, now?: () => number): Connector;
  close(): Promise<void>;
}

export function googleBench(): GoogleBench {
  const http = createHttpClient({ allowInternalAddresses: true });
  const servers: GoogleServer[] = [];
  return {
    start: async (options) => {
      const server = await startGoogleServer(options);
      servers.push(server);
      return server;
    },
    open: (server, config = {}, now = Date.now) =>
      openConnector(new Map([[google.type, google]]), { connectorType: 'google', config: { ...server.config, ...config } }, { http, now }),
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
      await http.close();
    },
  };
}

export function call(milliseconds = 10_000): Call {
  return { operationId: null, signal: AbortSignal.timeout(milliseconds), log: () => undefined };
}

export const ann: AccountAttributes = { primaryEmail: 'ann@example.com', givenName: 'Ann', familyName: 'Example' };
export const bob: AccountAttributes = { primaryEmail: 'bob@example.com', givenName: 'Bob', familyName: 'Example' };
