/** Regular expressions, and the matches that names have of their own. */
import { Fault } from '../fault.ts';
import type { DataType } from '../values/data-type.ts';
import { dnsName, ipAddress } from '../values/network.ts';
import { anyUri, boolean, string } from '../values/plain.ts';
import { matchesMail, rfc822Name } from '../values/rfc822-name.ts';
import { endsWithName, x500Name } from '../values/x500-name.ts';
import { compilePattern, refusalCost, type Pattern } from '../regex/pattern.ts';
import { define, functionUrn, one, type FirstOrderFunction, type Prepared, type Scope } from './definition.ts';

export const matchingFunctions: readonly FirstOrderFunction[] = [
  regexpMatch('1.0', string),
  ...[anyUri, ipAddress, dnsName, rfc822Name, x500Name].map((type) => regexpMatch('2.0', type)),
  define(functionUrn('1.0', 'x500Name-match'), [one(x500Name), one(x500Name)], one(boolean), ([end, name]) => endsWithName(end, name)),
  define(functionUrn('1.0', 'rfc822Name-match'), [one(string), one(rfc822Name)], one(boolean), ([pattern, name]) =>
    matchesMail(pattern, name),
  ),
];

function regexpMatch(version: '1.0' | '2.0', type: DataType): FirstOrderFunction {
  const definition = define(
    functionUrn(version, `${type.name}-regexp-match`),
    [one(string), one(type)],
    one(boolean),
    ([source, value], scope) => {
      const compiled = compilePattern(source);
      if (compiled.kind === 'refused') {
        scope.spend(refusalCost);
        return new Fault('syntax-error', `The regular expression cannot be used: ${compiled.message}`);
      }
      // Of a computed pattern, compiling is the dear part, and done each time.
      scope.spend(compiled.pattern.cost);
      return matches(compiled.pattern, type.write(value), scope);
    },
  );
  const prepare = ([source]: readonly unknown[]): Prepared | string => {
    if (typeof source !== 'string') return { call: definition.call, cost: 0 };
    const compiled = compilePattern(source);
    if (compiled.kind === 'refused') return `The regular expression cannot be used: ${compiled.message}`;
    const { pattern } = compiled;
    const { call } = define(definition.id, [one(string), one(type)], one(boolean), ([, value], scope) =>
      matches(pattern, type.write(value), scope),
    );
    return { call, cost: pattern.cost };
  };
  return { ...definition, prepare };
}

function matches(pattern: Pattern, text: string, scope: Scope): boolean {
  // The time of a match grows with the text and with the size of the expression.
  scope.spend(1 + Math.floor((text.length * pattern.size) / 256));
  return pattern.matches(text);
}
