/** One user's account as a mapping makes it, saved or not, and where every attribute comes from. No call, no write, no id claimed. */
import { mappingFaults, mappingLimits } from '../domain/mapping-faults.ts';
import { isKept, isRequired, specOf, type TableRow } from '../domain/mapping-table.ts';
import { prepareMapping } from '../domain/mapping/prepare.ts';
import { traceAccount, type AccountAttributeSpec, type TracedAttribute } from '../domain/mapping.ts';
import type { TargetId, UserId } from '../domain/vocabulary.ts';
import { readMappingRows, type MappingRowInput } from './mapping-input.ts';
import { done, invalid, notFound, type InputProblem, type Outcome } from './outcome.ts';
import type { House, Reads } from './ports.ts';

export interface PreviewedAttribute {
  /** As the target's form has it: required or not. */
  readonly spec: AccountAttributeSpec;
  /** The form says where the target keeps it. */
  readonly kept: boolean;
  /** null: no row maps it, or it is not kept. */
  readonly mapped: { readonly row: TableRow; readonly place: number | null; readonly traced: TracedAttribute } | null;
}
export interface PreviewedAccount {
  readonly attributes: readonly PreviewedAttribute[];
  /** Why such a mapping could not be saved; empty: it could. */
  readonly problems: readonly InputProblem[];
}

export async function previewAccount(
  house: Pick<House, 'definitions'>,
  reads: Reads,
  question: { readonly userId: UserId; readonly targetId: TargetId; readonly rows: readonly MappingRowInput[] | null },
): Promise<Outcome<PreviewedAccount>> {
  const target = await reads.byId('target', question.targetId);
  if (!target) return notFound('provisioning connector', 'targetId');
  const subject = await reads.mappingSubject(question.userId, question.targetId);
  if (!subject) return notFound('user', 'userId');
  const definition = house.definitions.get(target.connectorType);
  if (!definition)
    return invalid({ path: ['targetId'], message: `This release knows no connector of the kind "${target.connectorType}".` });
  if (question.rows && question.rows.length > mappingLimits.rows)
    return invalid({ path: ['rows'], message: `At most ${mappingLimits.rows} rows.` });
  const read = question.rows === null ? null : readMappingRows(question.rows);
  if (read?.kind === 'invalid') return invalid(...read.problems);
  const faults = read ? mappingFaults(definition, read.rows, target) : [];
  const problems = faults.map(({ path, message }) => ({ path: ['rows', ...path], message }));

  const rows = read ? read.rows : target.mapping;
  const { table, specs, inputs } = await prepareMapping(definition, subject, rows);
  const rowOf = new Map(table.map((each) => [each.row.attribute, each]));
  const attributes = traceAccount(specs, subject.user, inputs).flatMap((traced): readonly PreviewedAttribute[] => {
    const row = rowOf.get(traced.spec.name);
    if (!row) return [];
    const place = row.origin === 'own' ? (rows?.findIndex((each) => each.attribute === traced.spec.name) ?? null) : null;
    return [{ spec: specOf(definition, row.row) ?? traced.spec, kept: true, mapped: { row, place, traced } }];
  });
  const traced = new Set(specs.map(({ name }) => name));
  const unmapped = definition.account
    .filter(({ name }) => !traced.has(name))
    .map((spec): PreviewedAttribute => {
      const required = isRequired(spec, target.config);
      return { spec: { ...spec, required }, kept: isKept(spec, target.config), mapped: null };
    });
  return done({ attributes: [...attributes, ...unmapped], problems });
}
