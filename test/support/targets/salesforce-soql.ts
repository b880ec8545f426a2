/**
 * A small honest part of SOQL: SELECT fields (with relationships and one subquery), FROM, WHERE with =, IN, AND, OR and parentheses,
 * ORDER BY one field, LIMIT. Whatever else is written is refused as malformed, as is whatever is written wrongly.
 */
export class MalformedQuery extends Error {}

export interface SubSelect {
  readonly relationship: string;
  readonly query: SoqlQuery;
}
export type Literal = string | number | boolean | null;
export type Condition =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'in'; readonly field: string; readonly values: readonly Literal[] };
export interface SoqlQuery {
  readonly fields: readonly string[];
  readonly subSelects: readonly SubSelect[];
  readonly from: string;
  readonly where: Condition | null;
  readonly orderBy: string | null;
  readonly limit: number | null;
}

type Token = { readonly kind: 'word' | 'sign' | 'string' | 'number'; readonly text: string };

export function parseSoql(source: string): SoqlQuery {
  const tokens = tokenize(source);
  let at = 0;
  const peek = (): Token | undefined => tokens[at];
  const isWord = (word: string): boolean => peek()?.kind === 'word' && peek()?.text.toUpperCase() === word;
  const isSign = (sign: string): boolean => peek()?.kind === 'sign' && peek()?.text === sign;
  const take = (kind: Token['kind'], wanted?: string): string => {
    const token = tokens[at++];
    if (token?.kind !== kind || (wanted !== undefined && token.text.toUpperCase() !== wanted))
      throw new MalformedQuery(`unexpected token: ${token?.text ?? '<EOF>'}`);
    return token.text;
  };

  function query(inner: boolean): SoqlQuery {
    take('word', 'SELECT');
    const fields: string[] = [];
    const subSelects: SubSelect[] = [];
    do {
      if (isSign('(')) {
        if (inner) throw new MalformedQuery('unexpected token: (');
        take('sign', '(');
        const sub = query(true);
        take('sign', ')');
        subSelects.push({ relationship: sub.from, query: sub });
      } else fields.push(take('word'));
    } while (isSign(',') && take('sign', ','));
    take('word', 'FROM');
    const from = take('word');
    const where = isWord('WHERE') && take('word') ? either() : null;
    let orderBy: string | null = null;
    if (isWord('ORDER') && take('word') && take('word', 'BY')) orderBy = take('word');
    const limit = isWord('LIMIT') && take('word') ? Number(take('number')) : null;
    if (fields.length === 0) throw new MalformedQuery('at least one field is needed');
    return { fields, subSelects, from, where, orderBy, limit };
  }

  /** AND and OR may not be mixed without parentheses. */
  function either(): Condition {
    const of = [one()];
    const word = isWord('AND') ? 'AND' : isWord('OR') ? 'OR' : null;
    while (word !== null && isWord(word) && take('word')) of.push(one());
    return of.length === 1 ? of[0]! : { kind: word === 'AND' ? 'all' : 'any', of };
  }

  function one(): Condition {
    if (isSign('(')) {
      take('sign', '(');
      const condition = either();
      take('sign', ')');
      return condition;
    }
    const field = take('word');
    if (isSign('=')) {
      take('sign', '=');
      return { kind: 'in', field, values: [literal()] };
    }
    take('word', 'IN');
    take('sign', '(');
    const values = [literal()];
    while (isSign(',') && take('sign', ',')) values.push(literal());
    take('sign', ')');
    return { kind: 'in', field, values };
  }

  function literal(): Literal {
    const token = tokens[at++];
    if (token?.kind === 'string') return token.text;
    if (token?.kind === 'number') return Number(token.text);
    const word = token?.kind === 'word' ? token.text.toLowerCase() : null;
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    throw new MalformedQuery(`unexpected token: ${token?.text ?? '<EOF>'}`);
  }

  const parsed = query(false);
  if (at < tokens.length) throw new MalformedQuery(`unexpected token: ${peek()?.text}`);
  return parsed;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', "'": "'", '"': '"', '\\': '\\' };

function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const rest = source.slice(at);
    const space = /^\s+/.exec(rest);
    const word = /^[A-Za-z][A-Za-z0-9_.]*/.exec(rest);
    const number = /^\d+/.exec(rest);
    if (space) at += space[0].length;
    else if (word) {
      tokens.push({ kind: 'word', text: word[0] });
      at += word[0].length;
    } else if (number) {
      tokens.push({ kind: 'number', text: number[0] });
      at += number[0].length;
    } else if (rest.startsWith("'")) {
      let value = '';
      at++;
      for (; source[at] !== "'"; at++) {
        const sign = source[at];
        if (sign === undefined || sign === '\n') throw new MalformedQuery('line 1:0 unterminated string literal');
        if (sign !== '\\') {
          value += sign;
          continue;
        }
        const escaped = escapes[source[++at] ?? ''];
        if (escaped === undefined) throw new MalformedQuery('Invalid string literal. Illegal character sequence in string literal');
        value += escaped;
      }
      at++;
      tokens.push({ kind: 'string', text: value });
    } else if (/^[(),=]/.test(rest)) tokens.push({ kind: 'sign', text: source[at++]! });
    else throw new MalformedQuery(`unexpected token: ${rest[0]}`);
  }
  return tokens;
}
