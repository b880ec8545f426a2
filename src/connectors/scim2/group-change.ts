import type { TargetGroupId } from '../../domain/vocabulary.ts';
import { isObject, type Answer, type Json, type Purpose } from '../contract/answer.ts';
import { ConnectorError, type Call } from '../contract/connector.ts';
import type { ChangeSettings } from './change.ts';
import type { Features } from './discovery.ts';
import { unreadable } from './failures.ts';
import type { GroupEdit } from './group-resource.ts';
import { field, text } from './json.ts';
import { patchBody } from './patch.ts';
import { groupPath, type Transport } from './transport.ts';

const reading = { doing: 'reading a group', writes: false };

export interface GroupChanges {
  /** The whole group, with whomever the server lists in it. Throws `missing` where there is none. */
  readonly read: (id: TargetGroupId, call: Call) => Promise<Json>;
  readonly exists: (id: TargetGroupId, call: Call) => Promise<boolean>;
  /** Asks for the change once. The answer may be a refusal that the caller knows a way around. */
  readonly ask: (id: TargetGroupId, edit: GroupEdit, purpose: Purpose, call: Call) => Promise<Answer>;
  /** There is no way around: a refusal is thrown, except that of a server that turns out to have no PATCH. */
  readonly conclude: (answer: Answer, id: TargetGroupId, edit: GroupEdit, purpose: Purpose, call: Call) => Promise<Answer>;
}

/** Changes a group, by PATCH where the server can and by reading and writing the whole of it where not. */
export function createGroupChanges(
  transport: Transport,
  settings: ChangeSettings,
  features: (signal: AbortSignal) => Promise<Features>,
): GroupChanges {
  // Learnt at this connection: the server does not know PATCH for groups, whatever it says of itself.
  let patchUnknown = false;

  async function readWhole(id: TargetGroupId, call: Call): Promise<{ readonly group: Json; readonly etag: string | null }> {
    const answer = await transport.send({ method: 'GET', path: groupPath(id) }, reading, call);
    if (answer.status !== 200) throw transport.failure(answer, reading);
    if (!answer.json || text(answer.json, 'displayName') === null) throw unreadable(200, reading);
    const meta = field(answer.json, 'meta');
    return { group: answer.json, etag: answer.headers['etag'] ?? (isObject(meta) ? text(meta, 'version') : null) };
  }

  async function exists(id: TargetGroupId, call: Call): Promise<boolean> {
    const request = { method: 'GET', path: groupPath(id), query: { excludedAttributes: 'members' }, statusOnly: true } as const;
    const answer = await transport.send(request, reading, call);
    if (answer.status === 404 || answer.status === 410) return false;
    if (answer.status >= 200 && answer.status < 300) return true;
    throw transport.failure(answer, { ...reading, writes: true });
  }

  function usesPut(known: Features): boolean {
    return settings.updateMethod === 'put' || (settings.updateMethod === 'auto' && (patchUnknown || known.patch === false));
  }

  async function ask(id: TargetGroupId, edit: GroupEdit, purpose: Purpose, call: Call): Promise<Answer> {
    const known = await features(call.signal);
    if (usesPut(known)) return put(id, edit, known, purpose, call);
    const answer = await transport.send({ method: 'PATCH', path: groupPath(id), body: patchBody(edit.operations) }, purpose, call);
    return answer.status === 405 || answer.status === 501 ? withoutPatch(answer, id, edit, purpose, call) : answer;
  }

  async function conclude(answer: Answer, id: TargetGroupId, edit: GroupEdit, purpose: Purpose, call: Call): Promise<Answer> {
    if (answer.status >= 200 && answer.status < 300) return answer;
    const { status } = answer;
    if ([404, 410, 500].includes(status) && !(await exists(id, call))) throw gone();
    if (status !== 404) throw transport.failure(answer, purpose);
    const known = await features(call.signal);
    if (!usesPut(known) && known.patch === null)
      return conclude(await withoutPatch(answer, id, edit, purpose, call), id, edit, purpose, call);
    // The group is there and the method is known: the 404 came from something in front of the server.
    throw new ConnectorError({ kind: 'transient', mayHaveApplied: false }, transport.failure(answer, purpose).message);
  }

  async function withoutPatch(answer: Answer, id: TargetGroupId, edit: GroupEdit, purpose: Purpose, call: Call): Promise<Answer> {
    if (settings.updateMethod === 'patch')
      throw new ConnectorError({ kind: 'rejected' }, `The server answered ${String(answer.status)} to PATCH, and PUT is switched off.`);
    patchUnknown = true;
    return put(id, edit, await features(call.signal), purpose, call);
  }

  async function put(id: TargetGroupId, edit: GroupEdit, known: Features, purpose: Purpose, call: Call): Promise<Answer> {
    const { group, etag } = await readWhole(id, call);
    // Members that others add between our look and our write are not lost where the server can compare versions.
    const headers = known.etag && etag !== null ? { 'if-match': etag } : {};
    return transport.send({ method: 'PUT', path: groupPath(id), body: edit.apply(group), headers }, purpose, call);
  }

  return { read: async (id, call) => (await readWhole(id, call)).group, exists, ask, conclude };
}

export function gone(): ConnectorError {
  return new ConnectorError({ kind: 'missing' }, 'The group is gone.');
}
