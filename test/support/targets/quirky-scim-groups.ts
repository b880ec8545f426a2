/** The groups of the quirky SCIM server. Without quirks a member is there once, and only who is a user can be one. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { answer, refuse, type Reply } from './quirky-scim-reply.ts';

export interface GroupQuirks {
  /** What everything below /Groups answers where there is none. */
  readonly groups?: 404 | 501;
  /** A member that is added again is stored again: scimmy, scim2-server. */
  readonly storesMembersTwice?: boolean;
  /** Members can be changed, but are never listed: Polis. */
  readonly hidesMembers?: boolean;
  /** What `remove members` without a filter in its path does, whatever its value says: everybody on scim2-server, nobody on scimgateway. */
  readonly bareRemove?: 'everybody' | 'nobody';
  /** Refuses all for a member it does not know. Otherwise it takes whatever it is given. */
  readonly unknownMember?: 400 | 404 | 422 | 500;
  /** Members who are no users any more stay where they are: scim2-server. */
  readonly keepsDanglingMembers?: boolean;
  readonly uniqueGroupNames?: boolean;
  /** A PATCH that is refused has been done up to there: scimgateway, Polis. */
  readonly halfDone?: boolean;
  /** Says yes to another name and does nothing. */
  readonly neverRenames?: boolean;
  /** Has no PATCH for groups, whatever it has for users. */
  readonly groupPatch?: 404 | 405 | 501;
}

/** What counts for users as well. */
interface SharedQuirks {
  readonly strictRemove?: boolean;
  readonly idIsUserName?: boolean;
  readonly createAnswersLocation?: boolean;
  readonly changesAnswer204?: boolean;
  readonly patch?: 404 | 405 | 501;
  readonly missing?: 500;
  readonly etags?: boolean;
  readonly changedAfterRead?: boolean;
  readonly putKeepsLists?: boolean;
}

export interface QuirkyGroup {
  readonly id: string;
  readonly displayName: string;
  readonly members: readonly { readonly value: string }[];
  readonly meta: { readonly version: string };
  readonly [attribute: string]: unknown;
}
interface PatchOperation {
  readonly op: string;
  readonly path: string;
  readonly value?: any;
}

export function createQuirkyGroups(
  quirks: GroupQuirks & SharedQuirks,
  isUser: (id: string) => boolean,
  list: (url: URL, resources: readonly Record<string, any>[]) => Reply,
) {
  const groups = new Map<string, QuirkyGroup>();
  let changesToCome = quirks.changedAfterRead ? 1 : 0;

  function put(group: { readonly displayName: string; readonly id?: string } & Record<string, unknown>): string {
    const id = group.id ?? (quirks.idIsUserName ? group.displayName : randomUUID());
    const members = (group['members'] ?? []) as QuirkyGroup['members'];
    groups.set(id, { ...group, id, members, meta: { version: `W/"${randomUUID()}"` } });
    return id;
  }
  function shown(group: QuirkyGroup): Record<string, unknown> {
    const members = quirks.hidesMembers
      ? []
      : group.members.filter(({ value }) => quirks.keepsDanglingMembers || isUser(value) || isForeign(value));
    // Empty, some leave the list out.
    return { ...group, members: members.length > 0 || quirks.hidesMembers ? members : undefined };
  }
  const taken = (name: string, except?: string): boolean =>
    (quirks.uniqueGroupNames === true || quirks.idIsUserName === true) &&
    [...groups.values()].some((group) => group.displayName === name && group.id !== except);

  /** `which` is the address of the whole collection, or an id. */
  function handle({ method, headers }: IncomingMessage, which: URL | string, body: any): Reply {
    if (quirks.groups) return refuse(quirks.groups);
    if (typeof which !== 'string') return method === 'POST' ? create(body) : list(which, [...groups.values()].map(shown));
    const group = groups.get(which);
    const noPatch = quirks.groupPatch ?? quirks.patch;
    if (method === 'PATCH' && noPatch) return refuse(noPatch);
    if (!group) return refuse(method !== 'GET' && quirks.missing ? quirks.missing : 404);
    switch (method ?? '') {
      case 'GET':
        if (changesToCome-- > 0) addMember(group.id, 'group-of-others');
        return answer(200, shown(group));
      case 'DELETE':
        groups.delete(group.id);
        return answer(204);
      case 'PUT':
        if (quirks.etags && headers['if-match'] !== group.meta.version) return refuse(412);
        if (taken(body.displayName, group.id)) return refuse(409, 'uniqueness');
        put({ ...(quirks.putKeepsLists ? { members: group.members } : {}), ...body, id: group.id });
        return changed(group.id);
      case 'PATCH':
        return patch(group, body.Operations);
      default:
        return refuse(405);
    }
  }

  function create(body: any): Reply {
    if (taken(body.displayName)) return refuse(409, 'uniqueness');
    const id = put(body);
    const location = `http://localhost/Groups/${encodeURIComponent(id)}`;
    return quirks.createAnswersLocation ? answer(201, undefined, { location }) : answer(201, shown(groups.get(id)!));
  }

  function changed(id: string): Reply {
    return quirks.changesAnswer204 ? answer(204) : answer(200, shown(groups.get(id)!));
  }

  function patch(group: QuirkyGroup, operations: readonly PatchOperation[]): Reply {
    let { displayName, members } = group;
    let refusal: Reply | null = null;
    for (const { op, path, value } of operations) {
      const [, one] = /^members\[value eq (".*")\]$/.exec(path) ?? [];
      const named = one === undefined ? null : String(JSON.parse(one));
      if (op === 'replace' && path === 'displayName' && taken(value, group.id)) refusal = refuse(409, 'uniqueness');
      else if (op === 'replace' && path === 'displayName') displayName = quirks.neverRenames ? displayName : value;
      else if (op === 'remove' && named !== null && quirks.strictRemove && !members.some((member) => member.value === named))
        refusal = refuse(400, 'noTarget');
      else if (op === 'remove' && named !== null) members = members.filter((member) => member.value !== named);
      else if (op === 'remove' && path === 'members') members = quirks.bareRemove === 'nobody' ? members : [];
      else if (op === 'add' && path === 'members') {
        for (const added of value) {
          if (quirks.unknownMember && !isUser(added.value)) refusal ??= refuse(quirks.unknownMember);
          else if (refusal) break;
          else if (quirks.storesMembersTwice || !members.some((member) => member.value === added.value)) members = [...members, added];
        }
      } else refusal = refuse(400, 'invalidPath');
      if (refusal) break;
    }
    if (!refusal || quirks.halfDone) put({ ...group, displayName, members });
    return refusal ?? changed(group.id);
  }

  function addMember(id: string, value: string): void {
    const group = groups.get(id);
    if (group) put({ ...group, members: [...group.members, { value }] });
  }

  return {
    groups,
    put,
    handle,
    storedGroups: (name: string): number => named(name).length,
    membersOf: (name: string): readonly string[] =>
      named(name).flatMap((group) => group.members.map(({ value }) => value).filter((value) => isUser(value) || isForeign(value))),
    putForeignMember: (name: string): string => {
      for (const { id } of named(name)) addMember(id, 'group-of-others');
      return 'group-of-others';
    },
  };

  function named(name: string): readonly QuirkyGroup[] {
    return [...groups.values()].filter((group) => group.displayName === name);
  }
}

function isForeign(value: string): boolean {
  return value === 'group-of-others';
}
