/** and, or, not, n-of. Operands are evaluated in order until the answer is certain; one that cannot be evaluated before that is the answer. */
import { Fault, processingError } from '../fault.ts';
import { boolean, integer } from '../values/plain.ts';
import { define, functionUrn, one, type Evaluate, type FirstOrderFunction, type Operand, type Scope } from './definition.ts';

const urn = (name: string): string => functionUrn('1.0', name);

export const logicalFunctions: readonly FirstOrderFunction[] = [
  lazy('or', [], (operands, scope) => until(true, operands, scope)),
  lazy('and', [], (operands, scope) => until(false, operands, scope)),
  lazy('n-of', [one(integer)], atLeast),
  define(urn('not'), [one(boolean)], one(boolean), ([a]) => !a),
];

function lazy(
  name: string,
  parameters: FirstOrderFunction['parameters'],
  lazily: NonNullable<FirstOrderFunction['lazily']>,
): FirstOrderFunction {
  return {
    kind: 'first-order',
    id: urn(name),
    parameters,
    rest: one(boolean),
    returns: one(boolean),
    // Within a higher-order function the operands are there already.
    call: (operands, scope) =>
      lazily(
        operands.map((operand) => () => operand),
        scope,
      ),
    lazily,
  };
}

/** `decisive` as soon as one operand is it, or else the other. */
function until<S extends Scope>(decisive: boolean, operands: readonly Evaluate<S>[], scope: S): boolean | Fault {
  for (const operand of operands) {
    const value = operand(scope);
    if (value instanceof Fault) return value;
    if (value === decisive) return decisive;
  }
  return !decisive;
}

function atLeast<S extends Scope>(operands: readonly Evaluate<S>[], scope: S): Operand | Fault {
  const [count, ...conditions] = operands;
  const wanted = count?.(scope);
  if (typeof wanted !== 'bigint') return wanted ?? processingError('n-of without a number.');
  if (wanted < 0n) return processingError('n-of cannot ask for fewer than none.');
  let missing = wanted;
  for (let i = 0; missing > 0n; i++) {
    if (missing > BigInt(conditions.length - i)) {
      return i === 0 ? processingError('n-of asks for more than it has operands.') : false;
    }
    const value = conditions[i]?.(scope);
    if (value instanceof Fault) return value;
    if (value === true) missing -= 1n;
  }
  return true;
}
