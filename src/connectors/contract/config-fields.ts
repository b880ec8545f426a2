/** The form of a connector, declared once: it validates, draws the administrator's form and gives the TypeScript type. */
import { hasControlCharacters } from '../../domain/text.ts';
import { isAbsolute, parseHttpUrl } from './url.ts';

export interface FieldBase {
  readonly displayName: string;
  readonly description: string;
  readonly required: boolean;
  /** Asked for only where another field has one of these values. */
  readonly when?: { readonly field: string; readonly equals: readonly (string | boolean)[] };
}
export type ConfigField =
  | (FieldBase & {
      readonly kind: 'text';
      readonly default?: string;
      readonly pattern?: string;
      readonly maxLength?: number;
      /** Whole texts that are refused, in any case, with what the administrator is told after the field's name. */
      readonly refused?: { readonly pattern: string; readonly because: string };
    })
  /** Sealed at rest, never given out. One line, unless it is the text of a file: a key. */
  | (FieldBase & { readonly kind: 'secret'; readonly multiline?: true })
  /** An absolute http or https URL without credentials in it. */
  | (FieldBase & { readonly kind: 'url'; readonly default?: string })
  | (FieldBase & { readonly kind: 'boolean'; readonly default?: boolean })
  | (FieldBase & { readonly kind: 'integer'; readonly default?: number; readonly min: number; readonly max: number })
  | (FieldBase & {
      readonly kind: 'choice';
      readonly default?: string;
      readonly options: readonly { readonly value: string; readonly label: string }[];
    });
export type ConfigFields = Readonly<Record<string, ConfigField>>;

type ValueOf<F extends ConfigField> = F extends { kind: 'boolean' }
  ? boolean
  : F extends { kind: 'integer' }
    ? number
    : F extends { kind: 'choice'; options: readonly { value: infer V }[] }
      ? V
      : string;
type Always<F extends ConfigField> = F extends { when: object }
  ? false
  : F extends { required: true }
    ? true
    : F extends { default: string | number | boolean }
      ? true
      : false;
export type ConfigOf<F extends ConfigFields> = {
  readonly [K in keyof F]: Always<F[K]> extends true ? ValueOf<F[K]> : ValueOf<F[K]> | undefined;
};

export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}
export type ParsedConfig =
  | { readonly kind: 'parsed'; readonly config: Readonly<Record<string, string | number | boolean>> }
  | { readonly kind: 'invalid'; readonly problems: readonly FieldProblem[] };

/** Names of the fields that are sealed. */
export function secretFields(fields: ConfigFields): readonly string[] {
  return Object.keys(fields).filter((name) => fields[name]?.kind === 'secret');
}

/** Checks a whole form at once. Absent optional fields take their default; fields that are not asked for are dropped; unknown ones are a problem. */
export function parseConfig(fields: ConfigFields, input: Readonly<Record<string, unknown>>): ParsedConfig {
  const config: Record<string, string | number | boolean> = {};
  const problems: FieldProblem[] = [];
  for (const name of Object.keys(input)) if (!(name in fields)) problems.push({ field: name, message: `There is no field "${name}".` });
  for (const [name, field] of Object.entries(fields)) {
    const given = withoutLastBreak(field, input[name]);
    const value = given === undefined || given === null || given === '' ? ('default' in field ? field.default : undefined) : given;
    if (value === undefined) continue;
    const problem = faultOf(field, value);
    if (problem) problems.push({ field: name, message: `${field.displayName} ${problem}` });
    else config[name] = value as string | number | boolean;
  }
  for (const [name, field] of Object.entries(fields)) {
    const asked = !field.when || field.when.equals.some((wanted) => config[field.when?.field ?? ''] === wanted);
    if (!asked) Reflect.deleteProperty(config, name);
    else if (field.required && !(name in config) && !problems.some((p) => p.field === name))
      problems.push({ field: name, message: `${field.displayName} is required.` });
  }
  return problems.length > 0 ? { kind: 'invalid', problems } : { kind: 'parsed', config };
}

/** What was pasted often ends with a line break. */
function withoutLastBreak(field: ConfigField, given: unknown): unknown {
  return typeof given === 'string' && isOneLine(field) ? given.replace(/[\r\n]+$/, '') : given;
}

const isOneLine = (field: ConfigField): boolean =>
  field.kind === 'text' || field.kind === 'url' || (field.kind === 'secret' && !field.multiline);

function faultOf(field: ConfigField, value: unknown): string | null {
  // Many become headers of HTTP, which no request could be sent with.
  if (typeof value === 'string' && isOneLine(field) && hasControlCharacters(value)) return 'must be one line, without control characters.';
  switch (field.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? null : 'must be true or false.';
    case 'integer':
      return Number.isInteger(value) && (value as number) >= field.min && (value as number) <= field.max
        ? null
        : `must be a whole number from ${String(field.min)} to ${String(field.max)}.`;
    case 'choice':
      return field.options.some((option) => option.value === value)
        ? null
        : `must be one of ${field.options.map((o) => o.value).join(', ')}.`;
    case 'url':
      return isAbsolute(value) && parseHttpUrl(value)
        ? null
        : 'must be an absolute http or https URL without a user name or password in it.';
    case 'secret':
      return typeof value === 'string' && value.length <= 16_384 ? null : 'must be a text of at most 16,384 characters.';
    case 'text': {
      const max = field.maxLength ?? 2_048;
      if (typeof value !== 'string' || value.length > max) return `must be a text of at most ${String(max)} characters.`;
      if (field.pattern && !new RegExp(`^(?:${field.pattern})$`, 'u').test(value)) return `must match ${field.pattern}.`;
      return field.refused && new RegExp(`^(?:${field.refused.pattern})$`, 'iu').test(value) ? field.refused.because : null;
    }
  }
}
