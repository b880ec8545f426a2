/** The groups of the fake Google and who is in them. */
import { randomInt } from 'node:crypto';
import type { DirectoryUser } from './google-directory.ts';
import { refusals } from './google-errors.ts';
import { denial, type Hiding } from './google-hiding.ts';

export interface DirectoryGroup extends Hiding {
  readonly id: string;
  name: string;
  email: string;
  readonly aliases: string[];
  readonly members: Map<string, { readonly id: string; readonly email: string; readonly role: string; readonly type: string }>;
}

export function createGroupBook({
  users,
  groups,
  live,
  holder,
  checkAddress,
  hiding,
}: {
  readonly users: ReadonlyMap<string, DirectoryUser>;
  readonly groups: Map<string, DirectoryGroup>;
  readonly live: () => readonly DirectoryUser[];
  readonly holder: (address: string) => DirectoryUser | DirectoryGroup | null;
  readonly checkAddress: (value: unknown) => string;
  readonly hiding: () => Hiding;
}) {
  function group(key: string): DirectoryGroup {
    const found = groups.get(key) ?? [...groups.values()].find(({ email, aliases }) => [email, ...aliases].includes(key.toLowerCase()));
    if (!found) throw refusals.notFound('groupKey');
    const denied = denial(found, 'groupKey');
    if (denied) throw denied;
    return found;
  }

  function insertGroup(body: Record<string, unknown>): DirectoryGroup {
    const email = checkAddress(body['email']);
    if (holder(email)) throw refusals.duplicate();
    const made: DirectoryGroup = {
      id: `0${randomInt(10 ** 13).toString(36)}${randomInt(10 ** 9).toString(36)}`,
      name: textOf(body['name']),
      email,
      aliases: [],
      members: new Map(),
      ...hiding(),
    };
    groups.set(made.id, made);
    return made;
  }

  function changeGroup(found: DirectoryGroup, body: Record<string, unknown>): void {
    if (body['email'] !== undefined) {
      const email = checkAddress(body['email']);
      const other = holder(email);
      if (other && other.id !== found.id) throw refusals.duplicate();
      if (email !== found.email) {
        removeFrom(found.aliases, email);
        found.aliases.push(found.email);
        found.email = email;
      }
    }
    if (body['name'] !== undefined) found.name = textOf(body['name']);
  }

  /** A member is named by id or address; an address of nobody here becomes a member from outside. */
  function addMember(found: DirectoryGroup, body: Record<string, unknown>): Record<string, unknown> {
    const key = body['id'] ?? body['email'];
    if (typeof key !== 'string') throw refusals.badRequest();
    const known = users.get(key) ?? live().find(({ resource, aliases }) => [resource.primaryEmail, ...aliases].includes(key.toLowerCase()));
    const denied = known && (known.deletedAt === null ? denial(known, 'memberKey') : refusals.notFound('memberKey'));
    if (denied) throw denied;
    const account = known ?? null;
    if (!account && !key.includes('@')) throw refusals.notFound('memberKey');
    const id = account?.id ?? key;
    if (found.members.has(id)) throw refusals.memberExists();
    const member = {
      id,
      email: account?.resource.primaryEmail ?? key,
      role: textOf(body['role']) || 'MEMBER',
      type: account ? 'USER' : 'EXTERNAL',
    };
    found.members.set(id, member);
    return member;
  }

  function removeMember(found: DirectoryGroup, key: string): void {
    const member = [...found.members.values()].find(({ id, email }) => id === key || email === key.toLowerCase());
    if (!member) throw refusals.notFound('memberKey');
    found.members.delete(member.id);
  }

  return { group, insertGroup, changeGroup, addMember, removeMember };
}

export function removeFrom(list: string[], value: string): boolean {
  const index = list.indexOf(value);
  if (index < 0) return false;
  list.splice(index, 1);
  return true;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
