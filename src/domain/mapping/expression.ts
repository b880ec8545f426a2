/**
 * JSONata over one user: compiled once, evaluated within a budget, the same answer for the same user whenever it is asked. It reaches nothing
 * of the host: no clock, no chance, no code of ours. Messages never hold what was evaluated. Start with evaluateExpression.
 */
import jsonata, { type Expression } from 'jsonata';
import { isStorable } from '../text.ts';
import type { AttributeValue } from '../vocabulary.ts';
import { Allowance, Budget, expressionLimits, TooMuch } from './budget.ts';
import type { MappingDocument } from './document.ts';
import { compileLinear, LinearRegExp } from './linear-regex.ts';

export type Evaluated =
  /** Without any: the expression has no value for this user. */
  { readonly kind: 'values'; readonly values: readonly AttributeValue[] } | { readonly kind: 'fault'; readonly message: string };
const fault = (message: string) => ({ kind: 'fault', message }) as const;

type Compiled = { readonly kind: 'compiled'; readonly expression: Expression } | { readonly kind: 'fault'; readonly message: string };

/** What is wrong with an expression before it is saved; null: nothing. */
export function expressionFault(text: string): string | null {
  const compiled = compile(text);
  return compiled.kind === 'fault' ? compiled.message : null;
}

export async function evaluateExpression(text: string, document: MappingDocument): Promise<Evaluated> {
  const compiled = compile(text);
  if (compiled.kind === 'fault') return compiled;
  try {
    return readResult(await compiled.expression.evaluate(document));
  } catch (error) {
    return fault(whatFailed(error));
  }
}

/** Compiled expressions, the most recently used last. A tenant has a handful; the bound is for whoever tries many. */
const cache = new Map<string, Compiled>();
const mostCached = 500;

function compile(text: string): Compiled {
  const known = cache.get(text);
  cache.delete(text);
  const compiled = known ?? compileAnew(text);
  cache.set(text, compiled);
  const [oldest] = cache.keys();
  if (cache.size > mostCached && oldest !== undefined) cache.delete(oldest);
  return compiled;
}

const options = {
  RegexEngine: LinearRegExp as unknown as RegExpConstructor,
  stack: expressionLimits.depth,
  sequence: expressionLimits.items,
} as const;

function compileAnew(text: string): Compiled {
  if (text.trim() === '') return fault('Write an expression.');
  if (text.length > expressionLimits.text) return fault(`An expression has at most ${expressionLimits.text} characters.`);
  try {
    const expression = jsonata(text, options);
    const refused = refusedPart(expression.ast());
    if (refused !== null) return fault(refused);
    bind(expression);
    return { kind: 'compiled', expression };
  } catch (error) {
    const { message, position } = problemOf(error);
    return fault(`The expression does not compile${position === null ? '' : ` (character ${position})`}: ${message}`);
  }
}

/** Each answers differently at another time or place, or runs what was not judged, or matches with expressions that backtrack. */
const refusedNames = new Set(['now', 'millis', 'random', 'shuffle', 'eval', 'toMillis', 'fromMillis', 'parseInteger', 'clone']);

function refusedPart(ast: unknown, seen = new Set<unknown>()): string | null {
  if (typeof ast !== 'object' || ast === null || seen.has(ast)) return null;
  seen.add(ast);
  if (ast instanceof RegExp)
    return compileLinear(ast)
      ? null
      : 'A regular expression is too large, or needs back references or look-around, which mappings have not.';
  const { type, value } = ast as { readonly type?: unknown; readonly value?: unknown };
  if (type === 'variable' && typeof value === 'string' && refusedNames.has(value)) return `$${value} is not available in mappings.`;
  if (type === 'transform') return 'The transform operator is not available in mappings.';
  for (const part of Object.values(ast)) {
    const refused = refusedPart(part, seen);
    if (refused !== null) return refused;
  }
  return null;
}

/** What JSONata calls at every node, and in place of its own $pad, which would fill the memory before anybody could look. */
function bind(expression: Expression): void {
  const hook = (name: string, call: (...args: never[]) => void): void => {
    // Looked up by this symbol in the environment; the types know names only.
    expression.assign(Symbol.for(name) as unknown as string, call);
  };
  hook('jsonata.__evaluate_entry', (_expr: unknown, _input: unknown, environment: Environment) => {
    budgetOf(environment).enter();
  });
  hook('jsonata.__evaluate_exit', (_expr: unknown, _input: unknown, environment: Environment, result: unknown) => {
    budgetOf(environment).leave(result);
  });
  expression.registerFunction(
    'pad',
    (text: string | undefined, width: number, filler?: string) => {
      if (text === undefined) return undefined;
      if (!(Math.abs(width) <= expressionLimits.characters)) throw new TooMuch();
      const characters = Array.from(text);
      const missing = Math.max(0, Math.trunc(Math.abs(width)) - characters.length);
      const fill = Array.from(filler === undefined || filler === '' ? ' ' : filler);
      const padding = Array.from({ length: missing }, (_, i) => fill[i % fill.length]).join('');
      return width > 0 ? text + padding : padding + text;
    },
    '<s-ns?:s>',
  );
}

/** One per evaluation, and gone with it. */
interface Environment {
  readonly base: { readonly lookup: (name: string) => unknown };
}
const budgets = new WeakMap<Environment['base'], Budget>();
const allowances = new WeakMap<object, Allowance>();

function budgetOf({ base }: Environment): Budget {
  const known = budgets.get(base);
  if (known) return known;
  const budget = new Budget(allowanceOf(base.lookup('$')));
  budgets.set(base, budget);
  return budget;
}

function allowanceOf(document: unknown): Allowance {
  const known = typeof document === 'object' && document !== null ? allowances.get(document) : undefined;
  const allowance = known ?? new Allowance(document);
  if (typeof document === 'object' && document !== null) allowances.set(document, allowance);
  return allowance;
}

function readResult(result: unknown): Evaluated {
  const values: AttributeValue[] = [];
  for (const value of Array.isArray(result) ? (result as readonly unknown[]) : [result]) {
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string' && typeof value !== 'boolean' && !(typeof value === 'number' && Number.isFinite(value)))
      return fault('It gave something that is neither a text, a number, true or false, nor a list of these.');
    if (typeof value === 'string' && !isStorable(value)) return fault('It gave a text with a character that cannot be kept.');
    if (value !== '') values.push(value);
  }
  return { kind: 'values', values };
}

/** Only what does not depend on the user's values is told: JSONata's own messages may quote them. */
function whatFailed(error: unknown): string {
  const tooMuch = 'It takes too many steps, goes too deep or makes too much.';
  if (error instanceof TooMuch || error instanceof RangeError) return tooMuch;
  const { code, position } = problemOf(error);
  if (code === 'D1011' || code === 'D2014' || code === 'D2015') return tooMuch;
  const where = position === null ? '' : ` at character ${position}`;
  return `It failed${where}${code === null ? '' : ` (JSONata ${code})`}.`;
}

function problemOf(error: unknown): { readonly code: string | null; readonly message: string; readonly position: number | null } {
  const { code, message, position } = (typeof error === 'object' && error !== null ? error : {}) as Readonly<Record<string, unknown>>;
  return {
    code: typeof code === 'string' && /^[A-Z]\d{4}$/.test(code) ? code : null,
    message: typeof message === 'string' ? message : 'it cannot be read.',
    position: typeof position === 'number' ? position : null,
  };
}
