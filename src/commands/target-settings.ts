/** The settings that every provisioning connector has, whatever its kind, and whether its kind can do what they ask for. */
import type { ConnectorDefinition } from '../connectors/contract/connector.ts';
import { unmatched, withoutSource } from '../domain/mapping-faults.ts';
import { isKept, type MappingProvider } from '../domain/mapping-table.ts';
import type { Adoption, Removal, Target } from '../domain/vocabulary.ts';
import type { InputProblem } from './outcome.ts';
import { given } from './settings-record.ts';

export const concurrencyLimits = { least: 1, usual: 4, most: 256 } as const;
export const graceLimits = { least: 1, usual: 30, most: 3650 } as const;
export const protectedAccountLimits = { accounts: 1000, characters: 500 } as const;
/** What the guard of a target may be set to. */
export const guardLimits = {
  count: { least: 0, usual: 100, most: 1_000_000 },
  percent: { least: 0, usual: 10, most: 100 },
  percentFrom: { least: 0, usual: 10, most: 1_000_000 },
  windowMinutes: { least: 1, usual: 60, most: 7 * 24 * 60 },
} as const;

/** Absent leaves alone, or takes the usual. */
export interface TargetSettings {
  readonly removal?: Removal | undefined;
  readonly adoption?: Adoption | undefined;
  readonly matchingAttribute?: string | undefined;
  readonly maxConcurrentCalls?: number | undefined;
  readonly graceDays?: number | undefined;
  readonly protectedAccounts?: readonly string[] | undefined;
  readonly guardEnabled?: boolean | undefined;
  readonly guardCount?: number | undefined;
  readonly guardPercent?: number | undefined;
  readonly guardPercentFrom?: number | undefined;
  readonly guardWindowMinutes?: number | undefined;
}

export function unfitSettings(definition: ConnectorDefinition, settings: TargetSettings): readonly InputProblem[] {
  const { removal, matchingAttribute } = settings;
  const problems: InputProblem[] = [];
  const { capabilities } = definition;
  const needs = { deactivate: ['deactivate'], delete: ['delete'], 'deactivate-then-delete': ['deactivate', 'delete'], leave: [] } as const;
  for (const ability of removal === undefined ? [] : needs[removal])
    if (!capabilities[ability]) problems.push({ path: ['removal'], message: `${definition.displayName} cannot ${ability} accounts.` });
  const matchable = definition.account.filter((attribute) => attribute.matchable).map((attribute) => attribute.name);
  if (matchingAttribute !== undefined && !matchable.includes(matchingAttribute))
    problems.push({ path: ['matchingAttribute'], message: `Accounts can be found by ${matchable.join(', ')} only.` });
  return problems;
}

/**
 * Whether accounts can be made and found with these settings together: what they cannot be without comes from the mapping or the form, the
 * mapping gives the matching attribute a value, and the target keeps it.
 */
export function unfitAccounts(
  definition: ConnectorDefinition,
  { mapping, matchingAttribute, config }: Pick<Target, 'mapping' | 'matchingAttribute' | 'config'>,
  provider: MappingProvider,
): readonly InputProblem[] {
  const matching = definition.account.find(({ name }) => name === matchingAttribute);
  if (matching?.neededField !== undefined && !isKept(matching, config))
    return [
      {
        path: ['config', matching.neededField],
        message: `Accounts are found by ${matchingAttribute}, which is kept in this field: name one.`,
      },
    ];
  const without = withoutSource(definition, mapping, provider, { matchingAttribute, config });
  return without.flatMap(({ name, orFromField }): readonly InputProblem[] => {
    if (name === matchingAttribute) return [{ path: ['matchingAttribute'], message: unmatched(name) }];
    if (orFromField === undefined) return [];
    const message = `No account can be made without ${name}: fill in this field. It may be empty once the mapping has a row for ${name}.`;
    return [{ path: ['config', orFromField], message }];
  });
}

/** What is said of how accounts end and of which are left alone, and no more: absent leaves alone, or takes the usual. */
export function endingSettings(settings: TargetSettings): Partial<EndingSettings> {
  const { graceDays, protectedAccounts, guardEnabled, guardCount, guardPercent, guardPercentFrom, guardWindowMinutes } = settings;
  return given({ graceDays, protectedAccounts, guardEnabled, guardCount, guardPercent, guardPercentFrom, guardWindowMinutes });
}
type EndingSettings = Pick<
  Target,
  'graceDays' | 'protectedAccounts' | 'guardEnabled' | 'guardCount' | 'guardPercent' | 'guardPercentFrom' | 'guardWindowMinutes'
>;

/** Access ends and data stays, wherever the connector can do that. */
export const usualRemoval = (definition: ConnectorDefinition): Removal => (definition.capabilities.deactivate ? 'deactivate' : 'leave');
