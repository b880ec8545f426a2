import type { ConnectorTools } from '../contract/connector.ts';
import { createTokens, type OAuthSettings } from './token.ts';

/** How the server wants to know us. */
export type Authentication =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly userName: string; readonly password: string }
  | { readonly kind: 'api-key'; readonly header: string; readonly key: string }
  | ({ readonly kind: 'oauth' } & OAuthSettings);

export interface Credentials {
  /** The header of the next request. */
  header(signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** The server refused these headers. True: another try with new ones makes sense. */
  renew(refused: Readonly<Record<string, string>>): boolean;
}

export function createCredentials(authentication: Authentication, tools: ConnectorTools): Credentials {
  switch (authentication.kind) {
    case 'bearer':
      return fixed({ authorization: `Bearer ${authentication.token}` });
    case 'basic':
      return fixed({ authorization: `Basic ${base64(`${authentication.userName}:${authentication.password}`)}` });
    case 'api-key':
      return fixed({ [authentication.header.toLowerCase()]: authentication.key });
    case 'oauth': {
      const tokens = createTokens(authentication, tools);
      return {
        header: async (signal) => ({ authorization: `Bearer ${await tokens.token(signal)}` }),
        renew: (refused) => {
          tokens.forget((refused['authorization'] ?? '').slice('Bearer '.length));
          return true;
        },
      };
    }
  }
}

function fixed(header: Readonly<Record<string, string>>): Credentials {
  return { header: () => Promise.resolve(header), renew: () => false };
}

export function base64(value: string): string {
  return Buffer.from(value, 'utf8').toString('base64');
}
