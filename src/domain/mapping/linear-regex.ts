/** The regular expressions of mapping expressions: RE2, which never backtracks, in the shape JSONata asks for. */
import { RE2JS, type Matcher } from 're2js';
import { TooMuch } from './budget.ts';

/** Characters that one regular expression may look at in one evaluation: finding all matches is quadratic at worst. */
const mostCharacters = 200_000;
const longestPattern = 500;

const flagsOf = (pattern: RegExp): number => (pattern.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (pattern.multiline ? RE2JS.MULTILINE : 0);

/** null: RE2 cannot do this one (back references and look-around need backtracking), or it is too large. */
export function compileLinear(pattern: RegExp): RE2JS | null {
  if (pattern.source.length > longestPattern || hasLargeRepeat(pattern.source)) return null;
  try {
    return RE2JS.compile(pattern.source, flagsOf(pattern));
  } catch {
    return null;
  }
}

/** Counted repetitions are unrolled: a hundred of a hundred would be a program of ten thousand steps. */
function hasLargeRepeat(source: string): boolean {
  const counts = [...source.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map((found) => Math.max(Number(found[1]), Number(found[2] ?? 0)));
  return counts.reduce((product, count) => product * Math.max(1, count), 1) > 1_000;
}

export interface FoundMatch extends ReadonlyArray<string | undefined> {
  readonly index: number;
}

/** What JSONata uses of a RegExp: `lastIndex` and `exec`. */
export class LinearRegExp {
  lastIndex = 0;
  private characters = 0;
  private readonly engine: RE2JS;

  constructor(pattern: RegExp) {
    const engine = compileLinear(pattern);
    if (!engine) throw new TooMuch();
    this.engine = engine;
  }

  exec(text: string): FoundMatch | null {
    this.characters += text.length - this.lastIndex + 1;
    if (this.characters > mostCharacters) throw new TooMuch();
    const matcher = this.engine.matcher(text);
    if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) {
      this.lastIndex = 0;
      return null;
    }
    this.lastIndex = matcher.end();
    return Object.assign(groupsOf(matcher), { index: matcher.start() });
  }
}

function groupsOf(matcher: Matcher): readonly (string | undefined)[] {
  return Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? undefined);
}
