/** Definitions as forms to draw, and targets without anything secret. */
import type { RemovedProvisioningConnector as Removal } from '../../commands/remove-provisioning-connector.ts';
import { secretFields, type ConfigField } from '../../connectors/contract/config-fields.ts';
import type { ConnectorDefinition } from '../../connectors/contract/connector.ts';
import type { AccountAttributeSpec } from '../../domain/mapping.ts';
import type { ConnectorCheck, IdentityProvider, Target, TargetCondition } from '../../domain/vocabulary.ts';
import { describeSource, presentSource } from '../mappings/source-type.ts';
import type { Fields } from '../results.ts';
import type {
  AccountAttributeType,
  ConfigFieldType,
  ConnectorConditionType,
  ConnectorDefinitionType,
  ConnectorState,
  LastConnectorCheckType,
  RemovedProvisioningConnector,
} from './types.ts';

export function presentDefinition(definition: ConnectorDefinition): Fields<ConnectorDefinitionType> {
  const { type, displayName, description, defaultMatchingAttribute, capabilities } = definition;
  return {
    ...{ type, displayName, description, defaultMatchingAttribute, capabilities },
    fields: Object.entries(definition.config).map(([name, field]) => presentField(name, field)),
    accountAttributes: definition.account.map(presentAttribute),
    moreAccountAttributes: definition.moreAccountAttributes ?? null,
    userIdAttribute: definition.userIdAttribute ?? null,
  };
}

/** Only what the form of today calls public: a field that became a secret since is not told. */
export function publicConfig(target: Target, definition: ConnectorDefinition | undefined): Readonly<Record<string, unknown>> {
  if (!definition) return {};
  const secret = secretFields(definition.config);
  const told = Object.entries(target.config).filter(([name]) => name in definition.config && !secret.includes(name));
  return Object.fromEntries(told);
}

export function presentLastCheck({ checkedAt, problems }: ConnectorCheck): Fields<LastConnectorCheckType> | null {
  return checkedAt && problems ? { at: checkedAt, ok: problems.length === 0, problems } : null;
}

export function presentCondition(
  target: Pick<Target, 'enabled' | 'removalAskedAt'>,
  identityProvider: Pick<IdentityProvider, 'enabled'> | null,
  condition: TargetCondition | null,
  now: Date,
): Fields<ConnectorConditionType> {
  const suspendedAt = condition?.suspendedAt ?? null;
  const pausedUntil = condition?.pausedUntil && condition.pausedUntil > now ? condition.pausedUntil : null;
  const circuitOpenUntil = condition?.circuitOpenUntil ?? null;
  const state = (): ConnectorState => {
    if (!target.enabled || identityProvider?.enabled === false) return 'disabled';
    if (suspendedAt) return 'suspended';
    if (pausedUntil) return 'paused';
    if (circuitOpenUntil) return 'circuit-open';
    return target.removalAskedAt ? 'leaving' : 'working';
  };
  return { state: state(), suspendedAt, pausedUntil, circuitOpenUntil, consecutiveFailures: condition?.consecutiveFailures ?? 0 };
}

export function presentRemoved(removal: Removal): Fields<RemovedProvisioningConnector> {
  if (removal.kind === 'removed') return { id: removal.id, removed: true, accounts: 0, provisioningConnector: null };
  return { id: removal.target.id, removed: false, accounts: removal.accounts, provisioningConnector: removal.target };
}

function presentField(name: string, field: ConfigField): Fields<ConfigFieldType> {
  const { kind, displayName, description, required } = field;
  return {
    ...{ name, kind, displayName, description, required },
    multiline: field.kind === 'secret' && field.multiline === true,
    default: 'default' in field ? field.default : null,
    pattern: field.kind === 'text' ? (field.pattern ?? null) : null,
    maxLength: field.kind === 'text' ? (field.maxLength ?? null) : null,
    min: field.kind === 'integer' ? field.min : null,
    max: field.kind === 'integer' ? field.max : null,
    options: field.kind === 'choice' ? field.options : [],
    when: field.when ?? null,
  };
}

function presentAttribute(spec: AccountAttributeSpec): Fields<AccountAttributeType> {
  const { name, description, type, required, matchable } = spec;
  const createOnly = spec.mutable === 'create-only';
  return { name, description, type, required, createOnly, matchable, orFromField: spec.orFromField ?? null, ...sourceOf(spec) };
}

function sourceOf({ defaultMapping }: AccountAttributeSpec): Pick<Fields<AccountAttributeType>, 'source' | 'defaultMapping'> {
  return { source: defaultMapping && describeSource(defaultMapping), defaultMapping: defaultMapping && presentSource(defaultMapping) };
}
