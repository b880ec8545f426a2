/**
 * The mapping that holds at a target: its own rows or the connector's defaults, and beside them what its identity provider's attribute
 * mappings say. From rows to attributes; it maps nobody. Start with mappingTable.
 */
import type { MappingRow, MappingSource } from './mapping-row.ts';
import type { AccountAttributeSpec, MappedAttribute } from './mapping.ts';
import type { IdentityProvider, Target } from './vocabulary.ts';

/** What accounts at a kind of target are made of: the part of a connector's definition that mappings are about. */
export interface AccountShape {
  readonly account: readonly AccountAttributeSpec[];
  /** More attributes than the listed ones, by the form of their name. */
  readonly moreAccountAttributes?: { readonly pattern: string; readonly description: string };
}

/** own: of this target. default: the connector's. identity-provider: an attribute mapping of the identity provider, the other way round. */
export type RowOrigin = 'own' | 'default' | 'identity-provider';
export interface TableRow {
  readonly row: MappingRow;
  readonly origin: RowOrigin;
}
/** What a target's form was filled in with. */
export type Form = Target['config'];
export type MappingProvider = Pick<IdentityProvider, 'attributeMappings'>;

/** `own`: null where the target has none of its own. */
export function mappingTable(shape: AccountShape, own: readonly MappingRow[] | null, provider: MappingProvider): readonly TableRow[] {
  const rows: readonly TableRow[] = own
    ? own.filter((row) => specOf(shape, row) !== null).map((row) => ({ row, origin: 'own' }))
    : shape.account.flatMap((spec) => (spec.defaultMapping ? [{ row: plainRow(spec.name, spec.defaultMapping), origin: 'default' }] : []));
  if (provider.attributeMappings.length === 0) return rows;
  const named = new Map(rows.map((each) => [each.row.attribute, each]));
  const given = shape.account.flatMap((spec): readonly TableRow[] => {
    const present = named.get(spec.name);
    // Our own id in an account is how a create without an answer is found again: nothing that happens to have its name takes its place.
    if (present?.origin === 'own' || present?.row.source.kind === 'user-id') return [];
    const source = fromProvider(spec, present?.row.source ?? null, provider);
    return source ? [{ row: plainRow(spec.name, source), origin: 'identity-provider' }] : [];
  });
  const replaced = new Set(given.map(({ row }) => row.attribute));
  return [...rows.filter(({ row }) => !replaced.has(row.attribute)), ...given];
}

/** The attributes of an account as this table maps them at a target with this form, in the connector's order. */
export function mappedAttributes(shape: AccountShape, table: readonly TableRow[], form: Form): readonly MappedAttribute[] {
  const order = new Map(shape.account.map((spec, i) => [spec.name, i]));
  const place = (attribute: string): number => order.get(attribute) ?? shape.account.length;
  return [...table]
    .sort((a, b) => place(a.row.attribute) - place(b.row.attribute))
    .flatMap(({ row }): readonly MappedAttribute[] => {
      const spec = specOf(shape, row);
      return spec && isKept(spec, form) ? [{ ...mapped(spec, row), required: isRequired(spec, form) }] : [];
    });
}

/** No account can be made without it: neither the kind of target nor its form has a value for it. */
export function isRequired({ required, orFromField }: AccountAttributeSpec, form: Form): boolean {
  return required || (orFromField !== undefined && !isFilled(form, orFromField));
}

/** The target has a place for it. What is kept nowhere must not count as applied: it is written as soon as the form names a place. */
export function isKept({ neededField }: AccountAttributeSpec, form: Form): boolean {
  return neededField === undefined || isFilled(form, neededField);
}

function isFilled(form: Form, field: string): boolean {
  const value = form[field];
  return typeof value === 'string' ? value.trim() !== '' : value !== undefined && value !== null;
}

/** As the connector declares it; null where it neither lists nor allows an attribute of this name. */
export function specOf(shape: AccountShape, { attribute, type }: Pick<MappingRow, 'attribute' | 'type'>): AccountAttributeSpec | null {
  const listed = shape.account.find((spec) => spec.name === attribute);
  if (listed) return listed;
  const more = shape.moreAccountAttributes;
  if (!more || !new RegExp(`^(?:${more.pattern})$`, 'u').test(attribute)) return null;
  const free = { required: false, mutable: 'always', matchable: false, defaultMapping: null } as const;
  return { name: attribute, description: more.description, type: type ?? 'string', ...free };
}

function mapped(spec: AccountAttributeSpec, row: MappingRow): MappedAttribute {
  const createOnly = spec.mutable === 'create-only' || row.when === 'create-only';
  return {
    ...spec,
    mutable: createOnly ? 'create-only' : 'always',
    defaultMapping: row.source,
    owner: row.owner,
    onlyIfEmpty: !createOnly && (row.when === 'if-empty' || row.owner === 'target'),
    defaultValues: row.defaultValues,
  };
}

export const plainRow = (attribute: string, source: MappingSource): MappingRow => ({
  attribute,
  type: null,
  source,
  when: 'always',
  owner: 'source',
  defaultValues: [],
});

/** Several local attributes may have one federated name: the first that has a value wins, and what no account can be without stays behind them. */
function fromProvider(
  spec: AccountAttributeSpec,
  usual: MappingSource | null,
  { attributeMappings }: MappingProvider,
): MappingSource | null {
  const locals = attributeMappings.filter((mapping) => mapping.federated === spec.name).map((mapping) => mapping.local);
  return locals.reduceRight<MappingSource | null>(
    (fallback, name) => ({ kind: 'attribute', name, ...(fallback ? { fallback } : {}) }),
    locals.length > 0 && spec.required ? usual : null,
  );
}
