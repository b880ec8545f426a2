/** Names that Salesforce wants and nobody gives: made from the others, within the lengths it allows. */
import { createHash } from 'node:crypto';

const longestUsername = 80;
const longestLocalPart = 64;
const longestNickname = 40;

/** At most 8 characters, as the setup pages of Salesforce make it: the first letter of the given name, then the family name. */
export function aliasFrom(given: string | null, family: string): string {
  const letters = (name: string): string => name.replace(/[^\p{L}\p{N}]/gu, '');
  const alias = (
    Array.from(letters(given ?? ''))
      .slice(0, 1)
      .join('') + letters(family)
  ).toLowerCase();
  return alias === '' ? 'user' : cut(alias, 8);
}

/** The part of the username before its @. It is unique in the organisation: where it is taken, something of the whole name is added. */
export function nicknameFrom(username: string, taken: boolean): string {
  const local = username.slice(0, Math.max(0, username.lastIndexOf('@'))) || username;
  return taken ? `${cut(local, longestNickname - 9)}-${digest(username)}` : cut(local, longestNickname);
}

/** A username with the ending that makes it ours. Too long, it is shortened before the @, and what is lost is told apart by a digest. */
export function withSuffix(username: string, suffix: string): string {
  if (username.length + suffix.length <= longestUsername) return username + suffix;
  const at = username.lastIndexOf('@');
  const domain = username.slice(at) + suffix;
  return `${cut(username.slice(0, at), Math.max(1, longestUsername - domain.length - 9))}-${digest(username)}${domain}`;
}

/** The name of a user that is deactivated and whose username shall be free: the id makes it unique, the old name stays readable. */
export function freedUsername(username: string, userId: string): string {
  const at = username.lastIndexOf('@');
  const [local, domain] = [`freed.${userId}.${username.slice(0, at)}`, username.slice(at)];
  const room = Math.min(longestLocalPart, longestUsername - domain.length);
  return room < 24 ? `freed.${userId}@freed.invalid` : cut(local, room) + domain;
}

export function isFreed(username: string, userId: string): boolean {
  return username.startsWith(`freed.${userId}`);
}

/** What the username was before; null where it was too long to be kept whole. */
export function usernameBefore(username: string, userId: string): string | null {
  const before = username.slice(`freed.${userId}.`.length);
  const isWhole = username.lastIndexOf('@') < longestLocalPart && username.length < longestUsername;
  return isFreed(username, userId) && isWhole && freedUsername(before, userId) === username ? before : null;
}

function cut(value: string, length: number): string {
  return Array.from(value).slice(0, length).join('').replace(/\.+$/, '');
}

function digest(value: string): string {
  return createHash('sha256').update(value.toLowerCase()).digest('hex').slice(0, 8);
}
