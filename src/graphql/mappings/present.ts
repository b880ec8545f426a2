/** Mappings and previews in the words of the schema. Values of a person are told to operators and above only. */
import type { PreviewedAccount as Preview, PreviewedAttribute as Attribute } from '../../commands/preview-account.ts';
import type { AccountShape, TableRow } from '../../domain/mapping-table.ts';
import { mappingTable, specOf } from '../../domain/mapping-table.ts';
import type { AccountValue, IdentityProvider, Target } from '../../domain/vocabulary.ts';
import type { Fields } from '../results.ts';
import { describeSource, presentSource } from './source-type.ts';
import type { MappingRowType, MappingType, PreviewedAccount, PreviewedAttribute, PreviewOutcome } from './types.ts';

export function presentMapping(
  shape: AccountShape,
  target: Pick<Target, 'mapping'>,
  provider: Pick<IdentityProvider, 'attributeMappings'>,
): Fields<MappingType> {
  return {
    inherited: target.mapping === null,
    rows: mappingTable(shape, target.mapping, provider).map((row) => presentRow(row, specOf(shape, row.row)?.type)),
  };
}

export function presentPreview({ attributes, problems }: Preview, withValues: boolean): Fields<PreviewedAccount> {
  const shown = attributes.map((attribute) => presentAttribute(attribute, withValues));
  return {
    complete: shown.every(({ outcome }) => outcome !== 'missing' && outcome !== 'failed'),
    attributes: shown,
    faults: [...problems],
  };
}

function presentRow({ row, origin }: TableRow, type: MappingRowType['type'] = 'string'): Fields<MappingRowType> {
  const { attribute, source, when, owner, defaultValues } = row;
  return { attribute, type, source: presentSource(source), when, owner, defaultValues, origin, inherited: origin !== 'own' };
}

function presentAttribute({ spec, kept, mapped }: Attribute, withValues: boolean): Fields<PreviewedAttribute> {
  const base = { attribute: spec.name, type: spec.type };
  if (!mapped) {
    const nothing = { ...base, value: null, row: null, rowIndex: null };
    if (spec.required) return { ...nothing, outcome: 'missing', explanation: `${unmapped(spec)}, and no account can be made without it.` };
    const why = kept ? 'No row maps it' : "The connector's form does not say where it is kept";
    return { ...nothing, outcome: 'left-alone', explanation: `${why}: it is left alone.` };
  }
  const { outcome, spec: mappedSpec } = mapped.traced;
  const source = describeSource(mapped.row.row.source);
  const told = { row: presentRow(mapped.row, spec.type), rowIndex: mapped.place };
  const as = (kind: PreviewOutcome, explanation: string, value: AccountValue = null): Fields<PreviewedAttribute> => ({
    ...base,
    ...{ outcome: kind, explanation, value: withValues ? inWords(value) : null },
    ...told,
  });
  switch (outcome.kind) {
    case 'set': {
      const from = outcome.from === 'source' ? `It comes from ${source}` : 'The source has no value: the default is taken';
      const createOnly = mappedSpec.mutable === 'create-only' ? '; set when the account is made, and left alone later' : '';
      const ifEmpty = mappedSpec.onlyIfEmpty === true ? '; later it is set only while the target has no value' : '';
      return as('set', `${from}${createOnly}${ifEmpty}.`, outcome.value);
    }
    case 'cleared':
      return as(
        'cleared',
        mapped.row.row.source.kind === 'clear' ? 'The row clears it.' : `It would come from ${source}, which has no value: it is cleared.`,
      );
    case 'left':
      return as('left-alone', `It would come from ${source}, which has no value: it is left alone.`);
    case 'missing':
      return as('missing', `It would come from ${source}, which has no value, and no account can be made without it.`);
    case 'failed':
      return as('failed', outcome.message);
  }
}

function unmapped({ orFromField }: Attribute['spec']): string {
  return orFromField === undefined ? 'No row maps it' : `Neither a row nor ${orFromField} in the connector's form gives it a value`;
}

function inWords(value: AccountValue): readonly string[] | null {
  if (value === null) return null;
  return typeof value === 'object' ? value : [String(value)];
}
