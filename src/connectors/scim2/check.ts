import { ConnectorError, type Call, type CheckProblem } from '../contract/connector.ts';
import type { Features } from './discovery.ts';
import { noGroups } from './group-endpoint.ts';
import { field } from './json.ts';
import type { Transport } from './transport.ts';

const purpose = { doing: 'listing one account', writes: false };
const listingGroup = { doing: 'listing one group', writes: false };

/** Proves address and credentials by reading: the server's description of itself, one account, and one group where groups are wanted. */
export async function check(
  transport: Transport,
  features: (signal: AbortSignal) => Promise<Features>,
  settings: { readonly secretField: string; readonly groups: boolean },
  call: Call,
): Promise<readonly CheckProblem[]> {
  try {
    await features(call.signal);
    const query = { startIndex: '1', count: '1' };
    const answer = await transport.send({ method: 'GET', path: 'Users', query }, purpose, call);
    if (answer.status === 404 || answer.status === 405)
      return [{ field: 'baseUrl', message: `There is no SCIM server: ${String(answer.status)} for Users below the base URL.` }];
    if (answer.status !== 200) throw transport.failure(answer, purpose);
    const isList = answer.json && (Array.isArray(field(answer.json, 'Resources')) || field(answer.json, 'totalResults') !== undefined);
    if (!isList) return [{ field: 'baseUrl', message: 'The server answers, but not with a SCIM list of users.' }];
    return settings.groups ? await checkGroups(transport, call) : [];
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return [{ field: blamed(error, settings.secretField), message: error.message }];
  }
}

async function checkGroups(transport: Transport, call: Call): Promise<readonly CheckProblem[]> {
  const query = { startIndex: '1', count: '1', excludedAttributes: 'members' };
  const answer = await transport.send({ method: 'GET', path: 'Groups', query }, listingGroup, call);
  if ([404, 405, 410, 501].includes(answer.status)) return [{ field: 'groups', message: noGroups(answer.status) }];
  if (answer.status !== 200) throw transport.failure(answer, listingGroup);
  return [];
}

function blamed({ failure: { kind }, message }: ConnectorError, secretField: string): string | null {
  const address = /no token endpoint|access token/.test(message) ? 'tokenUrl' : 'baseUrl';
  if (kind === 'unauthorized') return /answered 40[137]|The token endpoint/.test(message) ? secretField : address;
  // A server that fails is nobody's setting; one that cannot be reached may be.
  return kind === 'transient' && !/answered 5/.test(message) ? address : null;
}
