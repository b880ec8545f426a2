/**
 * A connector's form as an administrator filled it in, together with what is stored: absent fields are left as they are, null clears.
 * Secrets that are kept must not travel to an address they were not given for. It opens and stores nothing. Start with readForm.
 */
import { parseConfig, secretFields, type ConfigFields } from '../connectors/contract/config-fields.ts';
import type { ConnectorDefinition } from '../connectors/contract/connector.ts';
import { userIdFaults, userIdSettings } from '../domain/user-id-pattern.ts';
import type { InputProblem } from './outcome.ts';

export type FormInput = Readonly<Record<string, unknown>>;

export interface StoredForm {
  /** Without the secret fields. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly secretNames: readonly string[];
}

export type ReadForm =
  | {
      readonly kind: 'read';
      /** Without the secret fields. */
      readonly config: Readonly<Record<string, string | number | boolean>>;
      /** Typed in (a text), or no longer set (null). */
      readonly secrets: Readonly<Record<string, string | null>>;
      /** Stored and staying. */
      readonly keptSecrets: readonly string[];
    }
  | { readonly kind: 'invalid'; readonly problems: readonly InputProblem[] };

const kept = 'kept';

export function readForm(definition: Pick<ConnectorDefinition, 'config'>, input: FormInput, stored: StoredForm | null): ReadForm {
  const secretNames = secretFields(definition.config);
  const isTyped = (name: string): boolean => input[name] !== undefined && input[name] !== null && input[name] !== '';
  // Fields that this release no longer knows are forgotten and not a fault of whoever changes another one.
  const known = Object.entries(stored?.config ?? {}).filter(([name]) => name in definition.config);
  const placeholders = (stored?.secretNames ?? []).map((name): readonly [string, string] => [name, kept]);
  // A browser's form sends an empty text for a password nobody touched: that is no wish to clear it.
  const given = Object.entries(input).filter(([name, value]) => value !== undefined && !(value === '' && secretNames.includes(name)));
  const parsed = parseConfig(definition.config, Object.fromEntries<unknown>([...known, ...placeholders, ...given]));
  if (parsed.kind === 'invalid')
    return { kind: 'invalid', problems: parsed.problems.map(({ field, message }) => ({ path: ['config', field], message })) };

  const pattern = 'userIdPattern' in definition.config ? userIdFaults(userIdSettings(parsed.config)) : [];
  if (pattern.length > 0) return { kind: 'invalid', problems: pattern.map(({ field, message }) => ({ path: ['config', field], message })) };

  const keptSecrets = secretNames.filter((name) => name in parsed.config && !isTyped(name));
  const elsewhere = stored ? changedAddress(definition.config, stored.config, parsed.config) : null;
  if (elsewhere !== null && keptSecrets.length > 0)
    return {
      kind: 'invalid',
      problems: keptSecrets.map((name) => ({
        path: ['config', name],
        message: `${elsewhere} leads to another server now: give ${definition.config[name]?.displayName ?? name} again.`,
      })),
    };
  const secrets: Record<string, string | null> = {};
  for (const name of secretNames) {
    const value = parsed.config[name];
    if (isTyped(name) && typeof value === 'string') secrets[name] = value;
    else if (value === undefined && stored?.secretNames.includes(name)) secrets[name] = null;
  }
  const config = Object.fromEntries(Object.entries(parsed.config).filter(([name]) => !secretNames.includes(name)));
  return { kind: 'read', config, secrets, keptSecrets };
}

/** The URL field that leads to another origin than the stored one, by its name for people. */
function changedAddress(
  fields: ConfigFields,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string | null {
  for (const [name, field] of Object.entries(fields)) {
    const value = after[name];
    if (field.kind === 'url' && typeof value === 'string' && originOf(before[name]) !== originOf(value)) return field.displayName;
  }
  return null;
}

const originOf = (value: unknown): string | null => (typeof value === 'string' && URL.canParse(value) ? new URL(value).origin : null);
