/**
 * An account's name made from a pattern: {UN,UD,TD,IDP} in any order, joined by a separator, at a domain. Values in, text out; whether
 * somebody else has the name already is asked in commands/claim-user-id.ts. Start with userIdFrom.
 */

export interface UserIdSettings {
  readonly pattern: string;
  /** Taken literally. */
  readonly separator: string;
  /** null: the id has no domain put behind it. */
  readonly domain: string | null;
}
/** UN: user name. UD: user store. TD: tenant. IDP: identity provider. */
export interface UserIdParts {
  readonly userName: string;
  readonly userStore: string;
  readonly tenant: string;
  readonly identityProvider: string;
}
/** What the pattern came to when the id was claimed, and the id: the same, or numbered. */
export interface UserIdClaim {
  readonly base: string;
  readonly value: string;
}
export interface UserIdFault {
  readonly field: 'userIdPattern' | 'userIdSeparator';
  readonly message: string;
}

const tokens = { UN: 'userName', UD: 'userStore', TD: 'tenant', IDP: 'identityProvider' } as const;
type Token = keyof typeof tokens;
const isToken = (text: string): text is Token => Object.hasOwn(tokens, text);
export const usualPattern = '{UN}';
export const usualSeparator = '_';
/** Tried one after the other where two people would get one id; whoever comes after that is refused. */
export const mostNumbered = 99;

/** The settings in a target's form; what is absent has its default. */
export function userIdSettings(config: Readonly<Record<string, unknown>>): UserIdSettings {
  const text = (name: string): string => (typeof config[name] === 'string' ? config[name].trim() : '');
  const separator = typeof config['userIdSeparator'] === 'string' ? config['userIdSeparator'] : '';
  return {
    pattern: text('userIdPattern') || usualPattern,
    separator: separator || usualSeparator,
    domain: text('userIdDomain').toLowerCase() || null,
  };
}

/** What is wrong with a pattern or its separator before it is saved. */
export function userIdFaults({ pattern, separator }: Pick<UserIdSettings, 'pattern' | 'separator'>): readonly UserIdFault[] {
  const faults: UserIdFault[] = [];
  const say = (field: UserIdFault['field'], message: string): void => void faults.push({ field, message });
  const inside = /^\{([^{}]*)\}$/.exec(pattern.trim())?.[1];
  const named = tokensIn(pattern);
  const unknown = named.filter((token) => !isToken(token));
  if (inside === undefined) say('userIdPattern', 'A pattern is a list of tokens in braces, such as {UN,TD}.');
  else if (inside.trim() === '') say('userIdPattern', 'The pattern names no token. Write at least one of UN, UD, TD and IDP.');
  else if (named.some((token) => token === '')) say('userIdPattern', 'Between two commas of the pattern there is no token.');
  else if (unknown.length > 0) say('userIdPattern', `There is no token ${unknown.join(', ')}. There are UN, UD, TD and IDP.`);
  if (separator === '' || impossible(separator) || separator !== separator.toLowerCase())
    say('userIdSeparator', 'A separator is made of characters that an e-mail address may have before its @, or @; no spaces or capitals.');
  return faults;
}

/** Whether the identity provider's name becomes part of ids. */
export const namesIdentityProvider = ({ pattern }: Pick<UserIdSettings, 'pattern'>): boolean => tokensIn(pattern).includes('IDP');

/** null: nothing of the user is left that an id could be made of. */
export function userIdFrom({ pattern, separator, domain }: UserIdSettings, parts: UserIdParts): string | null {
  const values = tokensIn(pattern)
    .filter(isToken)
    .map((token) => {
      const value = plain(parts[tokens[token]]);
      // A separator inside a name would make two different pairs of names look alike; the user name is the person's own.
      return token === 'UN'
        ? value
        : Array.from(value)
            .filter((character) => !separator.includes(character))
            .join('');
    })
    .filter((value) => value !== '');
  const id = values.join(separator);
  const end = `@${domain ?? ''}`;
  if (domain === null) return /[a-z0-9]/.test(id) ? id : null;
  const local = withoutStrayDots((id.endsWith(end) ? id.slice(0, -end.length) : id).replaceAll('@', '.'));
  return /[a-z0-9]/.test(local) ? `${local}${end}` : null;
}

/** ann, ann2, ann3, with the number before the "@". */
export function numbered(id: string, number: number): string {
  if (number < 2) return id;
  const at = id.lastIndexOf('@');
  return at < 0 ? `${id}${number}` : `${id.slice(0, at)}${number}${id.slice(at)}`;
}

/** The id that a user has or would ask for: what was claimed stays while what it was made from is the same. */
export const idOf = (base: string, claim: UserIdClaim | null): string => (claim?.base === base ? claim.value : base);

const tokensIn = (pattern: string): readonly string[] =>
  pattern
    .replace(/[{}]/g, '')
    .split(',')
    .map((token) => token.trim());

/** RFC 5322, 3.2.3: atext, and the dot between atoms. */
const impossible = (text: string): boolean => /[^a-z0-9!#$%&'*+/=?^_`{|}~.@-]/i.test(text);
const letters: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };

/** Lower case, letters without their marks, and nothing that an e-mail address can't have. */
function plain(text: string): string {
  const lower = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const spelt = Array.from(lower).map((character) => letters[character] ?? character);
  return spelt.filter((character) => !impossible(character)).join('');
}

const withoutStrayDots = (local: string): string => local.replace(/\.{2,}/g, '.').replace(/^\.|\.$/g, '');
