/** What configureOutboundProvisioning takes. Whether a table is valid is judged by the domain; here only its form is. */
import { Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import type { AccountsOfRemoved } from '../../commands/remove-provisioning-connector.ts';
import { deadlineLimits, rowLimit } from '../../domain/outbound-settings.ts';
import type {
  AccountsOfDenied,
  DeadlineOutcome,
  IdentityProviderId,
  ServiceProviderId,
  TargetId,
  WhenNotApplicable,
} from '../../domain/vocabulary.ts';
import { AccountsOfRemovedEnum, confirmedAccounts, confirmedAccountsDescription } from '../accounts-of-removed.ts';
import { id } from '../ids.ts';
import { AccountsOfDeniedEnum, DeadlineOutcomeEnum, WhenNotApplicableEnum } from './types.ts';

@InputType({ description: 'One row of an outbound provisioning configuration.' })
export class OutboundRowInput {
  @Field(() => ID, { description: 'The identity provider that people are provisioned to.' }) identityProviderId!: IdentityProviderId;
  @Field(() => ID, { nullable: true, description: 'Which of its provisioning connectors; absent or null: the only enabled one.' })
  connectorId?: TargetId | null;
  @Field(() => Boolean, { defaultValue: false, description: 'Blocking: a login waits until the account is there.' }) blocking!: boolean;
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Enable Rules: a published policy decides who is provisioned; without one, nobody is.',
  })
  enableRules!: boolean;
  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'JIT Outbound: provision people when they sign in. Needs an identity provider with just-in-time provisioning to sign in with.',
  })
  jitOutbound!: boolean;
  @Field(() => Int, {
    defaultValue: deadlineLimits.usual,
    description: `How long a login waits at most, in milliseconds: ${deadlineLimits.least} to ${deadlineLimits.most}.`,
  })
  deadlineMs!: number;
  @Field(() => DeadlineOutcomeEnum, { defaultValue: 'refuse', description: 'What becomes of a login whose account is not there in time.' })
  whenDeadlinePasses!: DeadlineOutcome;
  @Field(() => WhenNotApplicableEnum, {
    defaultValue: 'deny',
    description: 'With rules: whether somebody about whom no policy says anything is provisioned.',
  })
  whenNotApplicable!: WhenNotApplicable;
  @Field(() => AccountsOfDeniedEnum, {
    defaultValue: 'end',
    description: 'With rules: what becomes of an account whose person the rules come to deny.',
  })
  accountsOfDenied!: AccountsOfDenied;
  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'With Blocking and JIT Outbound: whoever the rules or the outbound provisioning roles keep from being provisioned is refused at sign-in. Off: they are let in without an account.',
  })
  requireProvisioned!: boolean;
  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Whether the rules are asked before an account ends, too, and keep it where they clearly deny that. Off: no rule stands in the way of an end.',
  })
  rulesOnRemoval!: boolean;
}

@InputType({ description: 'The whole outbound provisioning configuration of a service provider, or the default of the tenant.' })
export class ConfigureOutboundProvisioningInput {
  static readonly schema = z
    .object({
      serviceProviderId: id.nullish(),
      inherit: z.boolean(),
      confirmedAccounts,
      rows: z
        .array(z.object({ identityProviderId: id, connectorId: id.nullish() }))
        .max(rowLimit, `At most ${rowLimit} rows.`)
        .nullish(),
    })
    .refine((input) => !(input.inherit && input.rows && input.rows.length > 0), {
      path: ['rows'],
      message: 'Give rows, or inherit: not both.',
    })
    .refine((input) => input.inherit || input.rows, {
      path: ['rows'],
      message: 'Give the rows; an empty list means that nobody is provisioned.',
    });
  @Field(() => ID, {
    nullable: true,
    description: 'Which service provider; absent or null: the default of the tenant, which others inherit.',
  })
  serviceProviderId?: ServiceProviderId | null;
  @Field(() => Int, { description: 'The version that was read: of the configuration.' }) version!: number;
  @Field(() => [OutboundRowInput], {
    nullable: true,
    description: `All rows, in place of the present ones; at most ${rowLimit}. An empty list: nobody is provisioned.`,
  })
  rows?: OutboundRowInput[] | null;
  @Field(() => Boolean, { defaultValue: false, description: 'Give the service provider back to the default of the tenant; without rows.' })
  inherit!: boolean;
  @Field(() => AccountsOfRemovedEnum, {
    defaultValue: 'keep',
    description:
      'What becomes of the accounts of people whom this service provider had assigned to a connector that is no longer among the rows.',
  })
  accountsOfRemovedRows!: AccountsOfRemoved;
  @Field(() => Int, { nullable: true, description: confirmedAccountsDescription }) confirmedAccounts?: number | null;
}
