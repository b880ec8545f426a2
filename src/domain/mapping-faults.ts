/** What is wrong with a table of mapping rows before it is saved. Paths begin at the list: ['2', 'source', 'expression']. */
import { convert } from './account-value.ts';
import type { MappingRow, MappingSource } from './mapping-row.ts';
import { isRequired, mappingTable, specOf, type AccountShape, type Form, type MappingProvider } from './mapping-table.ts';
import type { AccountAttributeSpec } from './mapping.ts';
import { expressionFault } from './mapping/expression.ts';
import { isStorable } from './text.ts';

export interface MappingFault {
  readonly path: readonly string[];
  readonly message: string;
}
/** `userIdAttribute`: as the connector's definition says; without one its form has no pattern. */
export type MappingShape = AccountShape & { readonly userIdAttribute?: string };
export interface MappingUse {
  /** By which accounts are found: without a value no account that is there already would be. */
  readonly matchingAttribute: string;
  /** What the target's form was filled in with: some attributes may come from there as well. */
  readonly config: Form;
}

export const mappingLimits = { rows: 200, name: 200, values: 50, characters: 4_096 } as const;

export function mappingFaults(shape: MappingShape, rows: readonly MappingRow[], use: MappingUse): readonly MappingFault[] {
  if (rows.length > mappingLimits.rows) return [{ path: [], message: `At most ${mappingLimits.rows} rows.` }];
  const seen = new Set<string>();
  const faults = rows.flatMap((row, i) => {
    const twice = seen.has(row.attribute);
    seen.add(row.attribute);
    const all = [
      ...(twice ? [{ path: ['attribute'], message: 'Another row maps this account attribute.' }] : []),
      ...rowFaults(shape, row, use),
    ];
    return all.map(({ path, message }) => ({ path: [String(i), ...path], message }));
  });
  const missing = shape.account.filter((spec) => isRequired(spec, use.config) && !seen.has(spec.name));
  if (missing.length > 0) faults.push({ path: [], message: unmade(missing) });
  else if (!rows.some((row) => row.attribute === use.matchingAttribute && row.source.kind !== 'clear'))
    faults.push({ path: [], message: unmatched(use.matchingAttribute) });
  return faults;
}

/** Why no account would be made, or found, as the mapping stands that holds at a target; null: they are. See withoutSource. */
export function sourceFault(
  shape: AccountShape,
  own: readonly MappingRow[] | null,
  provider: MappingProvider,
  use: MappingUse,
): string | null {
  const without = withoutSource(shape, own, provider, use);
  if (without.length === 0) return null;
  return without.some(({ name }) => name === use.matchingAttribute) ? unmatched(use.matchingAttribute) : unmade(without);
}

/**
 * What no account can be made without, or is found by, and nothing gives a value as the mapping stands that holds at a target. Without the
 * latter Usher would look for none and make one beside each that is there. `own`: the target's rows, null where it has none of its own.
 */
export function withoutSource(
  shape: AccountShape,
  own: readonly MappingRow[] | null,
  provider: MappingProvider,
  { matchingAttribute, config }: MappingUse,
): readonly AccountAttributeSpec[] {
  const rows = mappingTable(shape, own, provider).map(({ row }) => row);
  const given = new Set(rows.filter(({ source }) => source.kind !== 'clear').map(({ attribute }) => attribute));
  return shape.account.filter((spec) => (isRequired(spec, config) || spec.name === matchingAttribute) && !given.has(spec.name));
}

export const unmatched = (attribute: string): string =>
  `Accounts are found by ${attribute}: give it a row of the mapping first, or match by another attribute.`;

function unmade(specs: readonly AccountAttributeSpec[]): string {
  const fields = specs.flatMap(({ orFromField }) => orFromField ?? []);
  const orForm = fields.length > 0 ? `, or fill in ${fields.join(', ')} in the connector's form first` : '';
  return `No account can be made without ${specs.map(({ name }) => name).join(', ')}: give each a row${orForm}.`;
}

function rowFaults(shape: MappingShape, row: MappingRow, { config }: MappingUse): readonly MappingFault[] {
  const spec = specOf(shape, row);
  if (!spec) return [{ path: ['attribute'], message: 'Accounts of this kind of connector have no such attribute.' }];
  const faults: MappingFault[] = [...sourceFaults(shape, row.source, ['source'])];
  const say = (field: string, message: string): void => void faults.push({ path: [field], message });
  const listed = shape.account.includes(spec);
  if (listed && row.type !== null && row.type !== spec.type) say('type', `This account attribute holds ${spec.type}; leave the type out.`);
  if (row.source.kind === 'clear') {
    if (isRequired(spec, config)) say('source', 'No account can be without this attribute.');
    if (row.owner !== 'source') say('owner', 'Only what the source owns can be cleared.');
    if (row.when !== 'always') say('when', 'Clearing is done always: a new account has nothing to clear.');
    if (row.defaultValues.length > 0) say('defaultValues', 'What is cleared has no default.');
  }
  if (row.source.kind === 'roles' && spec.type !== 'strings' && spec.type !== 'string') say('source', 'Roles are texts.');
  if (spec.mutable === 'create-only' && row.when === 'if-empty') say('when', 'This attribute can be set when the account is made only.');
  faults.push(...valueFaults(row.defaultValues).map((fault) => ({ ...fault, path: ['defaultValues', ...fault.path] })));
  if (row.defaultValues.length > 0 && convert(spec.type, row.defaultValues) === null) say('defaultValues', `This is no ${spec.type}.`);
  if (row.defaultValues.length > 1 && spec.type !== 'strings') say('defaultValues', 'This account attribute has one value.');
  if (row.source.kind === 'constant') {
    const values = typeof row.source.value === 'string' ? [row.source.value] : row.source.value;
    if (convert(spec.type, values) === null) faults.push({ path: ['source', 'values'], message: `This is no ${spec.type}.` });
    if (values.length > 1 && spec.type !== 'strings')
      faults.push({ path: ['source', 'values'], message: 'This account attribute has one value.' });
  }
  return faults;
}

function sourceFaults(shape: MappingShape, source: MappingSource, path: readonly string[]): readonly MappingFault[] {
  const at = (field: string, message: string): readonly MappingFault[] => [{ path: [...path, field], message }];
  switch (source.kind) {
    case 'attribute': {
      const named = source.name.length > 0 && source.name.length <= mappingLimits.name;
      return [
        ...(named ? [] : at('attribute', `Name an attribute of users; at most ${mappingLimits.name} characters.`)),
        ...(source.fallback ? sourceFaults(shape, source.fallback, [...path, 'fallback']) : []),
      ];
    }
    case 'constant': {
      const values = typeof source.value === 'string' ? [source.value] : source.value;
      if (values.length === 0) return at('values', 'Give a value.');
      return valueFaults(values).map((fault) => ({ ...fault, path: [...path, 'values', ...fault.path] }));
    }
    case 'expression': {
      const fault = expressionFault(source.text);
      return fault === null ? [] : at('expression', fault);
    }
    case 'user-id-pattern':
      return shape.userIdAttribute === undefined ? at('kind', 'The form of this connector has no user id pattern.') : [];
    case 'user-id':
    case 'user-name':
    case 'roles':
    case 'clear':
      return [];
  }
}

function valueFaults(values: readonly string[]): readonly MappingFault[] {
  if (values.length > mappingLimits.values) return [{ path: [], message: `At most ${mappingLimits.values} values.` }];
  return values.flatMap((value, i) => {
    if (value === '' || value.length > mappingLimits.characters)
      return [{ path: [String(i)], message: `A value has 1 to ${mappingLimits.characters} characters.` }];
    return isStorable(value) ? [] : [{ path: [String(i)], message: 'This text has a character that cannot be kept.' }];
  });
}
