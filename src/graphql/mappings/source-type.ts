/** Where an account attribute's value comes from, as GraphQL tells it. Apart from types.ts: definitions of connectors tell their defaults with it. */
import { Field, ObjectType } from 'type-graphql';
import type { AccountType, MappingSource } from '../../domain/mapping-row.ts';
import { enumOf } from '../enums.ts';

export const AccountAttributeTypeEnum = enumOf<AccountType>('AccountAttributeType', 'What an account attribute holds.', {
  string: 'One text.',
  boolean: 'True or false.',
  integer: 'A whole number.',
  strings: 'A list of texts.',
});
export const MappingSourceKindEnum = enumOf<MappingSource['kind']>('MappingSourceKind', 'What kind of source a value of an account has.', {
  'user-id': "The user's id.",
  'user-name': 'The user name.',
  'user-id-pattern': "What the user id pattern in the connector's form makes of the user.",
  attribute: "One of the user's attributes.",
  constant: 'Always the same.',
  roles: "The identity provider's names of the groups the user is in, by its role mappings.",
  expression: 'A JSONata expression.',
  clear: 'No value: whatever is there goes.',
});

export interface PresentedSource {
  readonly kind: MappingSource['kind'];
  readonly attribute: string | null;
  readonly values: readonly string[] | null;
  readonly expression: string | null;
  readonly fallback: PresentedSource | null;
  readonly description: string;
}

@ObjectType('MappingSource', { description: "Where an account attribute's value comes from." })
export class MappingSourceType implements PresentedSource {
  @Field(() => MappingSourceKindEnum, { description: 'Its kind.' }) kind!: MappingSource['kind'];
  @Field(() => String, { nullable: true, description: "The user's attribute; null where it is none." }) attribute!: string | null;
  @Field(() => [String], { nullable: true, description: 'The constant; null where it is none.' }) values!: readonly string[] | null;
  @Field(() => String, { nullable: true, description: 'The JSONata expression; null where it is none.' }) expression!: string | null;
  @Field(() => MappingSourceType, { nullable: true, description: 'Taken where the attribute has no value; null: nothing is.' })
  fallback!: PresentedSource | null;
  @Field(() => String, { description: 'The same in words.' }) description!: string;
}

export function presentSource(source: MappingSource): PresentedSource {
  const fallback = source.kind === 'attribute' ? (source.fallback ?? null) : null;
  return {
    kind: source.kind,
    attribute: source.kind === 'attribute' ? source.name : null,
    values: source.kind === 'constant' ? (typeof source.value === 'string' ? [source.value] : source.value) : null,
    expression: source.kind === 'expression' ? source.text : null,
    fallback: fallback && presentSource(fallback),
    description: describeSource(source),
  };
}

export function describeSource(source: MappingSource): string {
  switch (source.kind) {
    case 'user-id':
      return "the user's id";
    case 'user-name':
      return 'the user name';
    case 'user-id-pattern':
      return 'the user id pattern';
    case 'constant':
      return `always "${typeof source.value === 'string' ? source.value : source.value.join('", "')}"`;
    case 'attribute':
      return `the attribute ${source.name}${source.fallback ? `, or else ${describeSource(source.fallback)}` : ''}`;
    case 'roles':
      return "the identity provider's roles of the user";
    case 'expression':
      return 'an expression';
    case 'clear':
      return 'nothing: it is cleared';
  }
}
