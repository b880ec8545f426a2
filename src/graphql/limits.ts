/** What one request may cost: its size as text, its depth, aliases, directives, estimated cost, and how many items it can ask for. */
import 'reflect-metadata';
import { ApolloArmor } from '@escape.tech/graphql-armor';
import {
  getNamedType,
  GraphQLError,
  isInterfaceType,
  isObjectType,
  Kind,
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type NamedTypeNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { Extensions } from 'type-graphql';

export const limits = {
  ...{ tokens: 2000, depth: 14, aliases: 30, directives: 20, cost: 50_000, items: 10_000 },
  /** The longest policy (see policy-content.ts) with its quotes and line breaks escaped, and some room. */
  bodyBytes: 1_500_000,
} as const;

/**
 * How many items a list has at most: one without pages, of whose items more can be asked than comes with them, or one whose pages may be larger
 * than usual. Kept in the schema as an extension, as the access is.
 */
export const UpTo = (items: number): ReturnType<typeof Extensions> => Extensions({ upTo: items });

/** null where the list does not say. */
export const upToOf = ({ extensions }: Pick<GraphQLField<unknown, unknown>, 'extensions'>): number | null =>
  typeof extensions['upTo'] === 'number' ? extensions['upTo'] : null;

/** For every transport: rules to validate a document with, after the ones of GraphQL itself. */
export function limitRules(): readonly ValidationRule[] {
  const { validationRules } = new ApolloArmor({
    maxDepth: { n: limits.depth, ...report },
    maxAliases: { n: limits.aliases, ...report },
    maxDirectives: { n: limits.directives, ...report },
    costLimit: { maxCost: limits.cost, ...report },
    maxTokens: { enabled: false },
    blockFieldSuggestion: { enabled: false },
  }).protect();
  return [...validationRules, itemLimit, oneCostly];
}

/** A refusal is one validation error among others, not a thrown one. */
const report = {
  propagateOnRejection: false,
  onReject: [(context: ValidationContext | null, error: GraphQLError): void => context?.reportError(error)],
};

/**
 * Pages inside pages multiply, and so do lists that say their size: the product may not exceed the limit. A variable counts as the largest page,
 * for its value is not known yet.
 */
const itemLimit: ValidationRule = (context) => ({
  OperationDefinition(operation) {
    const root = context.getSchema().getRootType(operation.operation);
    const items = itemsOf(context, operation.selectionSet, root, new Map());
    if (items > limits.items)
      context.reportError(new GraphQLError(`This asks for up to ${items} items; ${limits.items} are allowed. Ask for smaller pages.`));
  },
});

/** Under thirty aliases it would be thirty of them in one request. */
const costly: readonly { readonly names: ReadonlySet<string>; readonly message: string }[] = [
  {
    // The work of a password's hash, also for who is nobody.
    names: new Set(['signIn', 'changeMyPassword', 'registerUser']),
    message: 'Only one of signIn, changeMyPassword and registerUser in a request.',
  },
  {
    // Policies are compiled anew for each, and asked about up to 200 people.
    names: new Set(['tryPolicy', 'tryPolicyOnEverybody', 'validatePolicy', 'previewPolicy']),
    message: 'Only one of tryPolicy, tryPolicyOnEverybody, validatePolicy and previewPolicy in a request.',
  },
];

/** A document may hold several operations, of which one runs. */
const oneCostly: ValidationRule = (context) => ({
  OperationDefinition(operation) {
    const spread = context.getRecursivelyReferencedFragments(operation);
    const fields = [operation, ...spread].flatMap(({ selectionSet }) => fieldsOf(selectionSet));
    for (const { names, message } of costly) {
      const asked = fields.filter((field) => names.has(field.name.value));
      if (asked.length > 1) context.reportError(new GraphQLError(message, { nodes: asked }));
    }
  },
});

/** Without those of fragments that are spread. */
const fieldsOf = (set: SelectionSetNode): readonly FieldNode[] =>
  set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return selection;
    return selection.kind === Kind.INLINE_FRAGMENT ? fieldsOf(selection.selectionSet) : [];
  });

/** By name of the fragment: each is counted once, however often it is spread, for spreads within spreads would double without end. */
type CountedFragments = Map<string, number>;

function itemsOf(
  context: ValidationContext,
  { selections }: SelectionSetNode,
  type: GraphQLNamedType | null | undefined,
  counted: CountedFragments,
): number {
  let items = 0;
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) items += itemsOfField(context, selection, type, counted);
    else if (selection.kind === Kind.INLINE_FRAGMENT)
      items += itemsOf(
        context,
        selection.selectionSet,
        selection.typeCondition ? typeNamed(context, selection.typeCondition) : type,
        counted,
      );
    else items += itemsOfFragment(context, selection.name.value, counted);
  }
  return items;
}

function itemsOfFragment(context: ValidationContext, name: string, counted: CountedFragments): number {
  const known = counted.get(name);
  if (known !== undefined) return known;
  // A fragment within itself is refused by another rule; here it must only not go round for ever.
  counted.set(name, 0);
  const fragment = context.getFragment(name);
  const items = fragment ? itemsOf(context, fragment.selectionSet, typeNamed(context, fragment.typeCondition), counted) : 0;
  counted.set(name, items);
  return items;
}

function itemsOfField(
  context: ValidationContext,
  field: FieldNode,
  parent: GraphQLNamedType | null | undefined,
  counted: CountedFragments,
): number {
  if (field.selectionSet === undefined) return 0;
  const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field.name.value] : undefined;
  const inside = itemsOf(context, field.selectionSet, definition && getNamedType(definition.type), counted);
  const size = definition ? sizeOf(field, definition) : null;
  return size === null ? inside : size * Math.max(inside, 1);
}

const fullPage = 100;

/** null: it is no list, or one whose items come with what it is in. */
function sizeOf(field: FieldNode, definition: GraphQLField<unknown, unknown>): number | null {
  const upTo = upToOf(definition);
  const declared = definition.args.find(({ name }) => name === 'first');
  if (declared === undefined) return upTo;
  const largestPage = upTo ?? fullPage;
  const first = field.arguments?.find(({ name }) => name.value === declared.name)?.value;
  if (first === undefined) return typeof declared.defaultValue === 'number' ? declared.defaultValue : largestPage;
  return first.kind === Kind.INT ? Math.max(Number(first.value), 1) : largestPage;
}

const typeNamed = (context: ValidationContext, { name }: NamedTypeNode): GraphQLNamedType | null | undefined =>
  context.getSchema().getType(name.value);
