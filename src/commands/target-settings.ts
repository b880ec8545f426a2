/** The settings that every provisioning connector has, whatever its kind, and whether its kind can do what they ask for. */
import type { ConnectorDefinition } from '../connectors/contract/connector.ts';
import type { Adoption, Removal } from '../domain/vocabulary.ts';
import type { InputProblem } from './outcome.ts';

export const concurrencyLimits = { least: 1, usual: 4, most: 256 } as const;

/** Absent leaves alone, or takes the usual. */
export interface TargetSettings {
  readonly removal?: Removal | undefined;
  readonly adoption?: Adoption | undefined;
  readonly matchingAttribute?: string | undefined;
  readonly maxConcurrentCalls?: number | undefined;
}

export function unfitSettings(definition: ConnectorDefinition, settings: TargetSettings): readonly InputProblem[] {
  const { removal, matchingAttribute } = settings;
  const problems: InputProblem[] = [];
  if ((removal === 'deactivate' && !definition.capabilities.deactivate) || (removal === 'delete' && !definition.capabilities.delete))
    problems.push({ path: ['removal'], message: `${definition.displayName} cannot ${removal} accounts.` });
  const matchable = definition.account.filter((attribute) => attribute.matchable).map((attribute) => attribute.name);
  if (matchingAttribute !== undefined && !matchable.includes(matchingAttribute))
    problems.push({ path: ['matchingAttribute'], message: `Accounts can be found by ${matchable.join(', ')} only.` });
  return problems;
}

/** Access ends and data stays, wherever the connector can do that. */
export const usualRemoval = (definition: ConnectorDefinition): Removal => (definition.capabilities.deactivate ? 'deactivate' : 'leave');
