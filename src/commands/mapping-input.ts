/** Rows of a mapping as somebody types them -> rows as they are kept. Whether they fit a connector is judged by domain/mapping-faults.ts. */
import type { AccountType, MappingOwner, MappingRow, MappingSource, MappingWhen } from '../domain/mapping-row.ts';
import type { InputProblem } from './outcome.ts';

export interface MappingSourceInput {
  readonly kind: MappingSource['kind'];
  /** Of a source that is an attribute. */
  readonly attribute?: string | null | undefined;
  /** Of a constant. */
  readonly values?: readonly string[] | null | undefined;
  /** Of an expression. */
  readonly expression?: string | null | undefined;
  /** Of an attribute: taken where the user has no value. */
  readonly fallback?: MappingSourceInput | null | undefined;
}
export interface MappingRowInput {
  readonly attribute: string;
  readonly type?: AccountType | null | undefined;
  readonly source: MappingSourceInput;
  readonly when: MappingWhen;
  readonly owner: MappingOwner;
  readonly defaultValues: readonly string[];
}

export type ReadMappingRows =
  | { readonly kind: 'read'; readonly rows: readonly MappingRow[] }
  | { readonly kind: 'invalid'; readonly problems: readonly InputProblem[] };

const deepestFallback = 5;

/** Paths begin with `rows`. */
export function readMappingRows(inputs: readonly MappingRowInput[]): ReadMappingRows {
  const problems: InputProblem[] = [];
  const rows = inputs.flatMap(({ attribute, type, source, when, owner, defaultValues }, i): readonly MappingRow[] => {
    const read = readSource(source, ['rows', String(i), 'source'], deepestFallback);
    if (read.kind === 'read') return [{ attribute, type: type ?? null, source: read.source, when, owner, defaultValues }];
    problems.push(...read.problems);
    return [];
  });
  return problems.length > 0 ? { kind: 'invalid', problems } : { kind: 'read', rows };
}

type ReadSource =
  { readonly kind: 'read'; readonly source: MappingSource } | { readonly kind: 'invalid'; readonly problems: readonly InputProblem[] };

/** Which field each kind needs; the others have no meaning for it, and are refused rather than forgotten. */
const fieldOf: Partial<Record<MappingSource['kind'], 'attribute' | 'values' | 'expression'>> = {
  attribute: 'attribute',
  constant: 'values',
  expression: 'expression',
};

function readSource(input: MappingSourceInput, path: readonly string[], deep: number): ReadSource {
  const needed = fieldOf[input.kind];
  const problems: InputProblem[] = [];
  for (const field of ['attribute', 'values', 'expression'] as const) {
    const isGiven = input[field] !== undefined && input[field] !== null;
    if (field === needed && !isGiven) problems.push({ path: [...path, field], message: 'A source of this kind needs it.' });
    if (field !== needed && isGiven) problems.push({ path: [...path, field], message: 'A source of this kind has none.' });
  }
  const { fallback = null } = input;
  if (fallback && (input.kind !== 'attribute' || deep === 0))
    problems.push({ path: [...path, 'fallback'], message: `Only an attribute has a fallback, and at most ${deepestFallback} of them.` });
  if (problems.length > 0) return { kind: 'invalid', problems };
  switch (input.kind) {
    case 'attribute': {
      const name = input.attribute ?? '';
      if (!fallback) return { kind: 'read', source: { kind: 'attribute', name } };
      const behind = readSource(fallback, [...path, 'fallback'], deep - 1);
      return behind.kind === 'read' ? { kind: 'read', source: { kind: 'attribute', name, fallback: behind.source } } : behind;
    }
    case 'constant':
      return { kind: 'read', source: { kind: 'constant', value: input.values ?? [] } };
    case 'expression':
      return { kind: 'read', source: { kind: 'expression', text: input.expression ?? '' } };
    case 'user-id':
    case 'user-name':
    case 'user-id-pattern':
    case 'roles':
    case 'clear':
      return { kind: 'read', source: { kind: input.kind } };
  }
}
