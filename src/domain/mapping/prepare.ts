/**
 * A target's mapping made ready for one user: its attributes, and everything their sources need, expressions evaluated. What is asked of
 * it is asked by every plan, attempt, explanation and preview, so that all of them say the same. Start with prepareMapping.
 */
import type { MappingRow, MappingSource } from '../mapping-row.ts';
import { mapAccount, type Mapped, type MappedAttribute, type MappingInputs } from '../mapping.ts';
import { isKept, isRequired, mappedAttributes, mappingTable, type AccountShape, type Form, type TableRow } from '../mapping-table.ts';
import { idOf, namesIdentityProvider, userIdFrom, userIdSettings, type UserIdClaim } from '../user-id-pattern.ts';
import type { IdentityProvider, RoleMapping, Target, User } from '../vocabulary.ts';
import { documentOf } from './document.ts';
import { evaluateExpression, type Evaluated } from './expression.ts';

/** Where a user belongs, beyond themselves. */
export interface Surroundings {
  readonly tenant: string;
  readonly userStore: string;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
}
/** One user at one target: all that a mapping may speak of. */
export interface MappingSubject {
  readonly user: User;
  readonly surroundings: Surroundings;
  readonly target: Pick<Target, 'config' | 'mapping'>;
  readonly identityProvider: Pick<IdentityProvider, 'name' | 'attributeMappings' | 'roleMappings'>;
  /** The id this user was given at this target; null: none yet. */
  readonly userIdClaim: UserIdClaim | null;
}

export interface PreparedMapping {
  readonly table: readonly TableRow[];
  /** What `difference` and the like take. */
  readonly specs: readonly MappedAttribute[];
  /** What the pattern makes of the user; null: nothing, or no row asks for it. Whoever makes the account claims it first. */
  readonly userIdBase: string | null;
  readonly inputs: MappingInputs;
}

export interface AccountMapping {
  readonly specs: readonly MappedAttribute[];
  readonly mapped: Mapped;
}

/** `rows`: instead of the target's own, for trying them out. */
export async function prepareMapping(
  shape: AccountShape,
  subject: MappingSubject,
  rows: readonly MappingRow[] | null = subject.target.mapping,
): Promise<PreparedMapping> {
  const prepared = prepareWithout(shape, subject, rows);
  const texts = expressionsIn(prepared.table);
  if (texts.length === 0) return prepared;
  const { user, surroundings, identityProvider } = subject;
  const document = documentOf(user, {
    groups: surroundings.groups.map((group) => group.name),
    roles: prepared.inputs.roles ?? [],
    userStore: surroundings.userStore,
    tenant: surroundings.tenant,
    identityProvider: identityProvider.name,
  });
  const expressions = new Map<string, Evaluated>();
  for (const text of texts) expressions.set(text, await evaluateExpression(text, document));
  return { ...prepared, inputs: { ...prepared.inputs, expressions } };
}

/** The account this user should have at this target. */
export async function accountOf(shape: AccountShape, subject: MappingSubject): Promise<AccountMapping> {
  const { specs, inputs } = await prepareMapping(shape, subject);
  return { specs, mapped: mapAccount(specs, subject.user, inputs) };
}

/** The same at once, for the many targets without an expression; null where one has to be evaluated first. */
export function accountAtOnce(shape: AccountShape, subject: MappingSubject): AccountMapping | null {
  const { table, specs, inputs } = prepareWithout(shape, subject, subject.target.mapping);
  return expressionsIn(table).length > 0 ? null : { specs, mapped: mapAccount(specs, subject.user, inputs) };
}

function prepareWithout(shape: AccountShape, subject: MappingSubject, rows: readonly MappingRow[] | null): PreparedMapping {
  const { user, surroundings, target, identityProvider, userIdClaim } = subject;
  const { table, specs, asks } = readyTable(shape, rows, identityProvider, target.config);
  const userIdBase = asks.has('user-id-pattern')
    ? userIdFrom(userIdSettings(target.config), {
        userName: user.userName,
        userStore: surroundings.userStore,
        tenant: surroundings.tenant,
        identityProvider: identityProvider.name,
      })
    : null;
  const roles = asks.has('roles') || asks.has('expression') ? federatedRoles(identityProvider.roleMappings, surroundings.groups) : [];
  // Of somebody who was removed nothing is left to make an id of: what they had finds the account that has to end.
  const kept = user.removedAt && userIdClaim ? userIdClaim.value : null;
  const userId = kept ?? (userIdBase === null ? null : idOf(userIdBase, userIdClaim));
  return { table, specs, userIdBase, inputs: { userId, roles } };
}

interface ReadyTable {
  readonly table: readonly TableRow[];
  readonly specs: readonly MappedAttribute[];
  /** Every kind of source in it. */
  readonly asks: ReadonlySet<MappingSource['kind']>;
}

/**
 * What a connector proposes is the same for everybody with a like form and most targets have nothing else: made once, for it is asked for
 * at every login.
 */
const proposed = new WeakMap<AccountShape, Map<string, ReadyTable>>();

function readyTable(
  shape: AccountShape,
  rows: readonly MappingRow[] | null,
  provider: MappingSubject['identityProvider'],
  form: Form,
): ReadyTable {
  if (rows !== null || provider.attributeMappings.length > 0) return makeTable(shape, rows, provider, form);
  const known = proposed.get(shape) ?? new Map<string, ReadyTable>();
  proposed.set(shape, known);
  const likeness = shape.account.map((spec) => `${Number(isKept(spec, form))}${Number(isRequired(spec, form))}`).join();
  const ready = known.get(likeness) ?? makeTable(shape, rows, provider, form);
  known.set(likeness, ready);
  return ready;
}

function makeTable(
  shape: AccountShape,
  rows: readonly MappingRow[] | null,
  provider: MappingSubject['identityProvider'],
  form: Form,
): ReadyTable {
  const table = mappingTable(shape, rows, provider);
  return { table, specs: mappedAttributes(shape, table, form), asks: new Set(table.flatMap(({ row }) => kindsIn(row.source))) };
}

/** The identity provider's names of these groups, each once, in the order of its role mappings. */
export function federatedRoles(mappings: readonly RoleMapping[], groups: Surroundings['groups']): readonly string[] {
  const inside = new Set(groups.map((group) => group.id));
  return [...new Set(mappings.filter((mapping) => inside.has(mapping.groupId)).map((mapping) => mapping.federated))];
}

/** Whether anything has to be evaluated before anybody can be mapped. `rows`: a target's own; null: the connector's. */
export function usesExpressions(shape: AccountShape, rows: readonly MappingRow[] | null): boolean {
  return sourcesOf(shape, rows).includes('expression');
}

/** Whether accounts may be made of the identity provider's name: of a pattern that names it, or of an expression, which may. */
export function usesIdentityProviderName(shape: AccountShape, { config, mapping }: Pick<Target, 'config' | 'mapping'>): boolean {
  const kinds = sourcesOf(shape, mapping);
  return kinds.includes('expression') || (kinds.includes('user-id-pattern') && namesIdentityProvider(userIdSettings(config)));
}

function sourcesOf(shape: AccountShape, rows: readonly MappingRow[] | null): readonly MappingSource['kind'][] {
  const sources = rows ? rows.map((row) => row.source) : shape.account.flatMap((spec) => spec.defaultMapping ?? []);
  return sources.flatMap(kindsIn);
}

function expressionsIn(table: readonly TableRow[]): readonly string[] {
  const texts = (source: MappingSource): readonly string[] => {
    if (source.kind === 'expression') return [source.text];
    return source.kind === 'attribute' && source.fallback ? texts(source.fallback) : [];
  };
  return [...new Set(table.flatMap(({ row }) => texts(row.source)))];
}

function kindsIn(source: MappingSource): readonly MappingSource['kind'][] {
  return source.kind === 'attribute' && source.fallback ? [source.kind, ...kindsIn(source.fallback)] : [source.kind];
}
