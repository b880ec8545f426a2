/** GraphQL enums of the domain's words: 'keep-local' is KEEP_LOCAL outside and stays 'keep-local' inside. */
import 'reflect-metadata';
import { registerEnumType } from 'type-graphql';

/** `words` gives each word its description. Use the answer as a type: `@Field(() => RoleEnum)`. */
export function enumOf<W extends string>(
  name: string,
  description: string,
  words: Readonly<Record<W, string>>,
): Readonly<Record<string, W>> {
  const outside = (word: string): string => word.replaceAll(/[^A-Za-z0-9]+/g, '_').toUpperCase();
  // Object.keys forgets that the keys of a Record<W, …> are W.
  const inside = Object.keys(words) as W[];
  const values = Object.fromEntries(inside.map((word) => [outside(word), word]));
  registerEnumType(values, {
    name,
    description,
    valuesConfig: Object.fromEntries(inside.map((word) => [outside(word), { description: words[word] }])),
  });
  return values;
}
