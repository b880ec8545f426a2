import { readdir, readFile } from 'node:fs/promises';
import {
  getIntrospectionQuery,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  parse,
  printSchema,
  specifiedRules,
  validate,
  type GraphQLField,
  type GraphQLNamedType,
} from 'graphql';
import { generate, loadCodegenConfig } from '@graphql-codegen/cli';
import { expect, test } from 'vitest';
import { accessOf } from '../../src/graphql/access.ts';
import { accessTable } from '../../src/graphql/access-table.ts';
import { limitRules, upToOf } from '../../src/graphql/limits.ts';
import { buildUsherSchema } from '../../src/graphql/schema.ts';

const schema = buildUsherSchema();
const folder = new URL('../../schema/', import.meta.url);
const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type));
const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter((type) => type != null);
const rootFields = roots.flatMap((root) => Object.values(root.getFields()).map((field) => ({ name: `${root.name}.${field.name}`, field })));

test('schema.graphql is what the code says; run `npm run schema` when it is not', async () => {
  expect(await readFile(new URL('schema.graphql', folder), 'utf8')).toBe(`${printSchema(schema)}\n`);
});

test('every type, field, argument and enum value is described', () => {
  const silent: string[] = [];
  const look = (name: string, thing: { readonly description?: string | null | undefined }): void => {
    if (!thing.description) silent.push(name);
  };
  for (const type of types) {
    look(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) look(`${type.name}.${value.name}`, value);
    if (isInputObjectType(type)) for (const field of Object.values(type.getFields())) look(`${type.name}.${field.name}`, field);
    if (isObjectType(type) || isInterfaceType(type))
      for (const field of Object.values(type.getFields())) {
        look(`${type.name}.${field.name}`, field);
        for (const argument of field.args) look(`${type.name}.${field.name}(${argument.name})`, argument);
      }
  }
  expect(silent).toEqual([]);
});

test('every query, mutation and subscription says the least role it asks for', () => {
  expect(rootFields.filter(({ field }) => accessOf(field) === null).map(({ name }) => name)).toEqual([]);
});

test('only signing in, signing out and `me` are for anyone', () => {
  const open = rootFields.filter(({ field }) => accessOf(field) === 'anyone').map(({ name }) => name);
  expect(open.filter((name) => !publicFields.has(name))).toEqual([]);
});
/** registerUser: self-registration by the person, where the service provider allows it. */
const publicFields: ReadonlySet<string> = new Set(['Query.me', 'Mutation.signIn', 'Mutation.signOut', 'Mutation.registerUser']);

test('the access table knows every root field, and no other', () => {
  expect(Object.keys(accessTable).toSorted()).toEqual(rootFields.map(({ name }) => name).toSorted());
});

test('every mutation takes one input and answers with a union that has the problems in it', () => {
  const others = Object.values(schema.getMutationType()?.getFields() ?? {}).filter(({ name, args, type }) => {
    if (name === 'signOut') return false;
    const named = 'ofType' in type ? type.ofType : type;
    return (
      args.length !== 1 ||
      args[0]?.name !== 'input' ||
      !isUnionType(named) ||
      !named.getTypes().some((member) => member.name === 'InvalidInput')
    );
  });
  expect(others.map(({ name }) => name)).toEqual([]);
});

test('every list that can grow is a connection', () => {
  // Lists at the root have no parent that would keep them short.
  const bare = rootFields.filter(({ field }) => String(field.type).startsWith('[') && !shortLists.has(field.name));
  expect(bare.map(({ name }) => name)).toEqual([]);
});
const shortLists: ReadonlySet<string> = new Set(['connectorDefinitions', 'eventCatalogue', 'policyTemplates']);

const fieldsOf = (type: GraphQLNamedType): readonly GraphQLField<unknown, unknown>[] =>
  isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
const isPaged = ({ args }: GraphQLField<unknown, unknown>): boolean => args.some(({ name }) => name === 'first');
const membersOf = (type: GraphQLNamedType): readonly GraphQLNamedType[] => (isUnionType(type) ? type.getTypes() : [type]);

/** From such a thing one can ask for pages, there or further on. */
function leadsToPages(type: GraphQLNamedType, seen = new Set<GraphQLNamedType>()): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  const fields = membersOf(type).flatMap(fieldsOf);
  return fields.some((field) => isPaged(field) || leadsToPages(getNamedType(field.type), seen));
}

test('every list without pages whose items lead to some says how many it has at most, for the limit to count', () => {
  const pages = new Set(
    types
      .flatMap(fieldsOf)
      .filter(isPaged)
      .map(({ type }) => getNamedType(type))
      .flatMap(membersOf),
  );
  const lists = types
    .filter((type) => !pages.has(type))
    .flatMap((type) => fieldsOf(type).map((field) => ({ name: `${type.name}.${field.name}`, field })))
    .filter(({ field }) => isListType(getNullableType(field.type)) && !isPaged(field) && leadsToPages(getNamedType(field.type)));
  expect(Object.fromEntries(lists.map(({ name, field }) => [name, upToOf(field)]))).toEqual({
    'Explanation.targets': 100,
    'OutboundProvisioning.rows': 100,
    'ProvisionedUserNow.targets': 100,
    'ServiceProvider.signInIdentityProviders': 50,
    'TriedPolicy.targets': 100,
  });
});

test('every named operation of schema/operations is valid, and no operation is larger than we allow', async () => {
  const operations = new URL('operations/', folder);
  for (const file of await readdir(operations)) {
    const document = parse(await readFile(new URL(file, operations), 'utf8'));
    expect([file, validate(schema, document, [...specifiedRules, ...limitRules()])]).toEqual([file, []]);
  }
});

test('the full introspection query is within the limits', () => {
  expect(validate(schema, parse(getIntrospectionQuery()), limitRules())).toEqual([]);
});

test('the typed documents are what the operations say; run `npm run codegen` when they are not', async () => {
  const config = await loadCodegenConfig({ configFilePath: new URL('../../codegen.yml', import.meta.url).pathname });
  const files = (await generate({ ...config.config, silent: true, cwd: new URL('../..', import.meta.url).pathname }, false)) as {
    filename: string;
    content: string;
  }[];
  expect(files.length).toBeGreaterThan(2);
  for (const { filename, content } of files) expect(await readFile(filename, 'utf8')).toBe(content);
});
