/**
 * What makes the table of outbound rows of a service provider, or of the tenant's default, valid. Pure: the same judgement refuses a table
 * that is saved and tells later what a saved one is missing. It doesn't read, write or touch accounts. Start with judgeOutboundRows.
 */
import type {
  AccountsOfDenied,
  DeadlineOutcome,
  IdentityProvider,
  IdentityProviderId,
  OutboundRow,
  Target,
  TargetId,
  WhenNotApplicable,
} from './vocabulary.ts';

export const rowLimit = 100;
export const deadlineLimits = { least: 500, usual: 10_000, most: 300_000 } as const;

/** One row as an administrator asks for it. */
export interface WantedRow {
  readonly identityProviderId: IdentityProviderId;
  /** null: the only enabled connector of the identity provider. */
  readonly targetId: TargetId | null;
  readonly blocking: boolean;
  readonly enableRules: boolean;
  readonly jitOutbound: boolean;
  readonly deadlineMs: number;
  readonly whenDeadlinePasses: DeadlineOutcome;
  readonly whenNotApplicable: WhenNotApplicable;
  readonly accountsOfDenied: AccountsOfDenied;
  readonly requireProvisioned: boolean;
  readonly rulesOnRemoval: boolean;
}
export type JudgedRow = WantedRow & { readonly targetId: TargetId };

export interface OutboundFacts {
  /** Those that the rows name, where they exist. */
  readonly identityProviders: readonly Pick<IdentityProvider, 'id' | 'name' | 'enabled'>[];
  /** All connectors of those identity providers, and whichever else the rows name. */
  readonly targets: readonly Pick<Target, 'id' | 'identityProviderId' | 'name' | 'enabled' | 'removalAskedAt'>[];
  /** Rows that are saved already may keep a connector that was disabled since. */
  readonly savedTargetIds: readonly TargetId[];
  readonly signIn: SignInFacts;
}

/** How the people that the table is for sign in. For the tenant's default: every identity provider of the tenant. */
export interface SignInFacts {
  readonly of: 'service-provider' | 'tenant';
  readonly identityProviders: readonly { readonly name: string; readonly justInTime: boolean }[];
}

export interface OutboundProblem {
  readonly path: readonly string[];
  readonly message: string;
}
export type Judgement =
  | { readonly kind: 'valid'; readonly rows: readonly JudgedRow[] }
  | { readonly kind: 'invalid'; readonly problems: readonly OutboundProblem[] };

export function judgeOutboundRows(rows: readonly WantedRow[], facts: OutboundFacts): Judgement {
  if (rows.length > rowLimit) return { kind: 'invalid', problems: [{ path: ['rows'], message: `At most ${rowLimit} rows.` }] };
  const problems: OutboundProblem[] = [];
  const judged: JudgedRow[] = [];
  rows.forEach((row, index) => {
    const at = (field: string, message: string) => problems.push({ path: ['rows', String(index), field], message });
    const chosen = chooseTarget(row, facts);
    if (chosen.kind === 'problem') at(chosen.field, chosen.message);
    else if (judged.some((other) => other.targetId === chosen.targetId)) at('connectorId', 'Another row names this connector already.');
    else judged.push({ ...row, targetId: chosen.targetId });
    if (!Number.isInteger(row.deadlineMs) || row.deadlineMs < deadlineLimits.least || row.deadlineMs > deadlineLimits.most)
      at('deadlineMs', `The deadline must be from ${deadlineLimits.least} to ${deadlineLimits.most} milliseconds.`);
    if (row.requireProvisioned && !(row.blocking && row.jitOutbound))
      at(
        'requireProvisioned',
        'Only the provisioned may enter where a login provisions and waits: switch Blocking and JIT Outbound on, too.',
      );
    const missing = row.jitOutbound ? missingForJitOutbound(facts.signIn) : null;
    if (missing) at('jitOutbound', missing);
  });
  return problems.length > 0 ? { kind: 'invalid', problems } : { kind: 'valid', rows: judged };
}

/** Which switch is missing for people to be provisioned at sign-in, and where it is; null: none. */
export function missingForJitOutbound(signIn: SignInFacts): string | null {
  if (signIn.identityProviders.some((provider) => provider.justInTime)) return null;
  const needs =
    'JIT Outbound provisions people at a federated sign-in, so it needs an identity provider with just-in-time provisioning enabled';
  const where = 'in the just-in-time provisioning settings of the identity provider (configureJustInTimeProvisioning)';
  if (signIn.of === 'tenant') return `${needs}, and there is none yet: enable it ${where}.`;
  if (signIn.identityProviders.length === 0)
    return `${needs}. People of this service provider sign in with a local password only, which does not count: let them sign in with an identity provider (changeServiceProvider) and enable just-in-time provisioning ${where}.`;
  const names = signIn.identityProviders.map((provider) => `"${provider.name}"`).join(', ');
  return `${needs}. It is off for ${names}: enable it ${where}.`;
}

/** What a saved row stands on, as it is now. */
export interface RowGround {
  readonly identityProvider: Pick<IdentityProvider, 'name' | 'enabled'>;
  readonly target: Pick<Target, 'name' | 'enabled'>;
  readonly suspended: boolean;
  /** A policy is published and active. */
  readonly policiesInForce: boolean;
  readonly signIn: SignInFacts;
}

/** Why a saved row does not do what it says, at present: which switch is off, and where. */
export function warningsOf(row: Pick<OutboundRow, 'enableRules' | 'jitOutbound'>, ground: RowGround): readonly string[] {
  const { identityProvider, target } = ground;
  const warnings: string[] = [];
  if (!identityProvider.enabled) warnings.push(`The identity provider "${identityProvider.name}" is disabled: its operations wait.`);
  if (!target.enabled) warnings.push(`The connector "${target.name}" is disabled: its operations wait.`);
  if (ground.suspended) warnings.push(`The connector "${target.name}" is suspended, for its target refuses our credentials: configure it.`);
  if (row.enableRules && !ground.policiesInForce)
    warnings.push('Enable Rules is on and no policy is published: nobody is provisioned by this row.');
  const missing = row.jitOutbound ? missingForJitOutbound(ground.signIn) : null;
  if (missing) warnings.push(missing);
  return warnings;
}

type Chosen =
  | { readonly kind: 'target'; readonly targetId: TargetId }
  | { readonly kind: 'problem'; readonly field: 'identityProviderId' | 'connectorId'; readonly message: string };

function chooseTarget(row: WantedRow, facts: OutboundFacts): Chosen {
  const provider = facts.identityProviders.find((known) => known.id === row.identityProviderId);
  if (!provider) return { kind: 'problem', field: 'identityProviderId', message: 'There is no such identity provider.' };
  const named = row.targetId === null ? null : facts.targets.find((target) => target.id === row.targetId);
  if (named === undefined) return { kind: 'problem', field: 'connectorId', message: 'There is no such provisioning connector.' };
  if (named && named.identityProviderId !== provider.id)
    return {
      kind: 'problem',
      field: 'connectorId',
      message: `"${named.name}" is no connector of the identity provider "${provider.name}".`,
    };
  if (named && facts.savedTargetIds.includes(named.id)) return { kind: 'target', targetId: named.id };

  if (!provider.enabled)
    return {
      kind: 'problem',
      field: 'identityProviderId',
      message: `The identity provider "${provider.name}" is disabled: enable it first.`,
    };
  const enabled = facts.targets.filter((target) => target.identityProviderId === provider.id && target.enabled && !target.removalAskedAt);
  const [first, second] = enabled;
  if (!first)
    return {
      kind: 'problem',
      field: 'identityProviderId',
      message: `The identity provider "${provider.name}" has no enabled provisioning connector: enable one first.`,
    };
  if (named?.removalAskedAt) return { kind: 'problem', field: 'connectorId', message: `The connector "${named.name}" is being removed.` };
  if (named && !named.enabled)
    return { kind: 'problem', field: 'connectorId', message: `The connector "${named.name}" is disabled: enable it first.` };
  if (named) return { kind: 'target', targetId: named.id };
  if (second)
    return {
      kind: 'problem',
      field: 'connectorId',
      message: `The identity provider "${provider.name}" has several enabled connectors: say which one.`,
    };
  return { kind: 'target', targetId: first.id };
}
