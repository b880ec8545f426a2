/**
 * What one evaluation of an expression may use: steps, depth and the size of what it makes. JSONata calls `enter` before and `leave` after
 * it evaluates each node. Counted, not timed: the same expression ends in the same way on a slow machine.
 */

export const expressionLimits = { text: 4_000, steps: 10_000, depth: 200, items: 4_000, characters: 20_000 } as const;
/** Of all expressions of one mapping for one user together. */
const stepsOfMapping = 30_000;

/** The evaluation used more than its share. */
export class TooMuch extends Error {}

/** What all expressions over one document share. */
export class Allowance {
  /** What was given to the expressions is known to be finite and is not walked again and again. */
  readonly given = new WeakSet<object>();
  steps = 0;

  constructor(document: unknown) {
    this.give(document);
  }

  private give(part: unknown): void {
    if (typeof part !== 'object' || part === null) return;
    this.given.add(part);
    for (const inside of Object.values(part)) this.give(inside);
  }
}

export class Budget {
  private steps = 0;
  private readonly allowance: Allowance;

  constructor(allowance: Allowance) {
    this.allowance = allowance;
  }

  enter(): void {
    this.spend(1);
  }

  /** Judges a result as soon as it is there, so that doubling stops at the first one that is too large. */
  leave(result: unknown): void {
    if (typeof result === 'string') this.judgeText(result.length);
    else if (typeof result === 'object' && result !== null) this.judgeSize(result);
  }

  private judgeSize(result: object): void {
    if (this.allowance.given.has(result)) {
      this.spend(Array.isArray(result) ? result.length : 1);
      return;
    }
    const left: unknown[] = [result];
    let items = 0;
    let characters = 0;
    while (left.length > 0) {
      const value = left.pop();
      items += 1;
      if (typeof value === 'string') characters += value.length;
      else if (typeof value === 'object' && value !== null && !this.allowance.given.has(value) && !isFunction(value)) {
        const inside: readonly unknown[] = Object.values(value);
        if (items + left.length + inside.length > expressionLimits.items) throw new TooMuch();
        left.push(...inside);
      }
    }
    this.judgeText(characters);
    this.spend(items);
  }

  private judgeText(length: number): void {
    if (length > expressionLimits.characters) throw new TooMuch();
  }

  private spend(steps: number): void {
    this.steps += steps;
    this.allowance.steps += steps;
    if (this.steps > expressionLimits.steps || this.allowance.steps > stepsOfMapping) throw new TooMuch();
  }
}

/** A function of JSONata holds its whole environment: it has no size of its own. */
function isFunction(value: object): boolean {
  return '_jsonata_lambda' in value || '_jsonata_function' in value;
}
