import { isObject, type Answer } from '../contract/answer.ts';
import { ConnectorError, type Call } from '../contract/connector.ts';
import { field, text } from './json.ts';
import type { Transport } from './transport.ts';

const purpose = { doing: 'asking whether it has groups', writes: false };

/** Whether a server that refuses its collection of groups has one at all. */
export function groupEndpoint(transport: Transport): {
  /** The failure that this answer to the collection is; null where it is not about the collection. */
  readonly absence: (answer: Answer, call: Call) => Promise<ConnectorError | null>;
} {
  /** Its resource types say it (RFC 7644, 4). Without them, a server whose accounts are there has no groups. */
  async function hasGroups(call: Call): Promise<boolean> {
    const types = await transport.send({ method: 'GET', path: 'ResourceTypes', statusOnly: true }, purpose, call);
    const listed = types.status === 200 && types.json ? field(types.json, 'Resources') : null;
    if (Array.isArray(listed)) return listed.some((type) => isObject(type) && /^\/?Groups\/?$/.test(text(type, 'endpoint') ?? ''));
    const query = { startIndex: '1', count: '1' };
    const accounts = await transport.send({ method: 'GET', path: 'Users', query, statusOnly: true }, purpose, call);
    return accounts.status !== 200;
  }

  return {
    absence: async (answer, call) => {
      if (![404, 405, 410, 501].includes(answer.status)) return null;
      if (answer.status === 404 && (await hasGroups(call)))
        return new ConnectorError(
          { kind: 'transient', mayHaveApplied: false },
          'The server answered 404 for its groups, which it says it has.',
        );
      return new ConnectorError({ kind: 'rejected' }, noGroups(answer.status));
    },
  };
}

export function noGroups(status: number): string {
  return `The server has no groups: ${String(status)} for Groups below the base URL.`;
}
