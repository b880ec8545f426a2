/** What the provisioning connector mutations and lists take. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import type { AccountsOfRemoved } from '../../commands/remove-provisioning-connector.ts';
import { concurrencyLimits, graceLimits, guardLimits, protectedAccountLimits } from '../../commands/target-settings.ts';
import type { Adoption, IdentityProviderId, Removal, TargetId } from '../../domain/vocabulary.ts';
import { AccountsOfRemovedEnum, confirmedAccounts, confirmedAccountsDescription } from '../accounts-of-removed.ts';
import { id } from '../ids.ts';
import { name, namePart } from '../texts.ts';
import { AdoptionEnum, RemovalEnum } from './types.ts';

const { least, most } = concurrencyLimits;
const config = z.record(z.string(), z.unknown()).refine((fields) => Object.keys(fields).length <= 100, 'At most 100 fields.');
const connectorType = z.string().min(1, 'Name a kind of connector.').max(100, 'At most 100 characters.');
const whole = (limits: { readonly least: number; readonly most: number }) =>
  z.int().min(limits.least, `At least ${limits.least}.`).max(limits.most, `At most ${limits.most}.`).optional();
const settings = {
  matchingAttribute: z.string().min(1, 'Name an attribute.').max(200, 'At most 200 characters.').optional(),
  maxConcurrentCalls: z.int().min(least, `At least ${least}.`).max(most, `At most ${most}.`).optional(),
  removal: z.string().optional(),
  graceDays: whole(graceLimits),
  guardCount: whole(guardLimits.count),
  guardPercent: whole(guardLimits.percent),
  guardPercentFrom: whole(guardLimits.percentFrom),
  guardWindowMinutes: whole(guardLimits.windowMinutes),
  protectedAccounts: z
    .array(z.string().min(1, 'Name an account.').max(protectedAccountLimits.characters))
    .max(protectedAccountLimits.accounts, `At most ${protectedAccountLimits.accounts} accounts.`)
    .optional(),
  adoption: z.string().optional(),
};

@InputType({ description: 'What every provisioning connector is told of how accounts end, and which ones it never touches.' })
abstract class EndingSettingsInput {
  @Field(() => Int, {
    nullable: true,
    description: `Days between deactivation and deletion, where removal asks for both: ${graceLimits.least} to ${graceLimits.most}; usually ${graceLimits.usual}.`,
  })
  graceDays?: number;
  @Field(() => [String], {
    nullable: true,
    description:
      'Ids of accounts, or values of the matching attribute: such accounts are never adopted, changed or ended. Replaces the list.',
  })
  protectedAccounts?: readonly string[];
  @Field(() => Boolean, { nullable: true, description: 'Whether many removals at once are held for somebody to confirm; usually so.' })
  guardEnabled?: boolean;
  @Field(() => Int, {
    nullable: true,
    description: `More removals within the window than this are held; usually ${guardLimits.count.usual}.`,
  })
  guardCount?: number;
  @Field(() => Int, {
    nullable: true,
    description: `So are removals of more than so many percent of its active accounts; usually ${guardLimits.percent.usual}.`,
  })
  guardPercent?: number;
  @Field(() => Int, {
    nullable: true,
    description: `The percentage counts only beyond so many removals; usually ${guardLimits.percentFrom.usual}.`,
  })
  guardPercentFrom?: number;
  @Field(() => Int, { nullable: true, description: `How long the window is, in minutes; usually ${guardLimits.windowMinutes.usual}.` })
  guardWindowMinutes?: number;
}

@InputType({ description: 'A provisioning connector to enable on an identity provider.' })
export class EnableProvisioningConnectorInput extends EndingSettingsInput {
  static readonly schema = z.object({ ...settings, identityProviderId: id, name, connectorType, config });
  @Field(() => ID, { description: 'On which identity provider.' }) identityProviderId!: IdentityProviderId;
  @Field(() => String, { description: 'What it is called; 1 to 200 characters, unique at the identity provider.' }) name!: string;
  @Field(() => String, { description: 'Its kind: the type of a connector definition.' }) connectorType!: string;
  @Field(() => GraphQLJSONObject, {
    description: 'The form of that definition, filled in, secrets among it. Secrets are stored sealed and never told again.',
  })
  config!: Record<string, unknown>;
  @Field(() => RemovalEnum, { nullable: true, description: 'How accounts end; absent: deactivate where the connector can, else leave.' })
  removal?: Removal;
  @Field(() => AdoptionEnum, { nullable: true, description: 'What to do when an account already matches; absent: link.' })
  adoption?: Adoption;
  @Field(() => String, { nullable: true, description: "By which attribute such an account is found; absent: the definition's default." })
  matchingAttribute?: string;
  @Field(() => Int, {
    nullable: true,
    description: `At most so many calls at once, ${least} to ${most}; absent: ${concurrencyLimits.usual}.`,
  })
  maxConcurrentCalls?: number;
}

@InputType({ description: 'What to change of a provisioning connector: absent fields stay as they are.' })
export class ConfigureProvisioningConnectorInput extends EndingSettingsInput {
  static readonly schema = z.object({ ...settings, id, name: name.optional(), config: config.optional() });
  @Field(() => ID, { description: 'Which one.' }) id!: TargetId;
  @Field(() => Int, { description: 'The version that was read.' }) version!: number;
  @Field(() => String, { nullable: true, description: 'What it is called; 1 to 200 characters, unique at the identity provider.' })
  name?: string;
  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'Fields of the form that change: absent ones stay, null clears. Secrets must be given again when a URL leads to another server.',
  })
  config?: Record<string, unknown>;
  @Field(() => RemovalEnum, { nullable: true, description: 'How accounts end.' }) removal?: Removal;
  @Field(() => AdoptionEnum, { nullable: true, description: 'What to do when an account already matches.' }) adoption?: Adoption;
  @Field(() => String, { nullable: true, description: 'By which attribute such an account is found.' }) matchingAttribute?: string;
  @Field(() => Int, { nullable: true, description: `At most so many calls at once, ${least} to ${most}.` }) maxConcurrentCalls?: number;
}

@InputType({ description: 'Which provisioning connector.' })
export class ProvisioningConnectorIdInput {
  static readonly schema = z.object({ id });
  @Field(() => ID, { description: 'Which one.' }) id!: TargetId;
}

@InputType({ description: 'Which provisioning connector to remove.' })
export class RemoveProvisioningConnectorInput {
  static readonly schema = z.object({ id, confirmedAccounts });
  @Field(() => ID, { description: 'Which one.' }) id!: TargetId;
  @Field(() => AccountsOfRemovedEnum, {
    defaultValue: 'keep',
    description: 'What becomes of its accounts. Deprovisioned, the connector stays until the last of them has ended.',
  })
  accounts!: AccountsOfRemoved;
  @Field(() => Int, { nullable: true, description: confirmedAccountsDescription }) confirmedAccounts?: number | null;
}

@InputType({ description: 'A connector to try: a new one, or one that is there with some fields changed.' })
export class CheckProvisioningConnectorInput {
  static readonly schema = z.object({ id: id.nullish(), connectorType: connectorType.nullish(), config });
  @Field(() => ID, {
    nullable: true,
    description: 'The connector whose settings, secrets included, are used for fields that are absent; absent or null: a new one.',
  })
  id?: TargetId | null;
  @Field(() => String, { nullable: true, description: 'Kind of a new one; of no account where `id` is given.' }) connectorType?:
    string | null;
  @Field(() => GraphQLJSONObject, { description: 'The form, filled in; nothing of it is saved.' }) config!: Record<string, unknown>;
}

@InputType({ description: 'Which provisioning connectors to list; what is absent does not matter.' })
export class ProvisioningConnectorFilter {
  static readonly schema = z.object({ nameContains: namePart, identityProviderId: id.nullish(), connectorType: connectorType.nullish() });
  @Field(() => String, { nullable: true, description: 'Part of the name, in any case.' }) nameContains?: string | null;
  @Field(() => ID, { nullable: true, description: 'Only of this identity provider.' }) identityProviderId?: IdentityProviderId | null;
  @Field(() => String, { nullable: true, description: 'Only of this kind.' }) connectorType?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'Only enabled, or only disabled ones.' }) enabled?: boolean | null;
}
