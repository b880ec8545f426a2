/** The outbound provisioning configuration as GraphQL tells it. */
import { Field, Int, ObjectType } from 'type-graphql';
import type { AccountsOfDenied, DeadlineOutcome, WhenNotApplicable } from '../../domain/vocabulary.ts';
import { enumOf } from '../enums.ts';
import { resultUnion, type Fields } from '../results.ts';

export const DeadlineOutcomeEnum = enumOf<DeadlineOutcome>(
  'DeadlineOutcome',
  'What a blocking row does with a login whose account is not there in time.',
  {
    refuse: 'The login is refused.',
    admit: 'The person is let in; the account follows in the background.',
  },
);

export const WhenNotApplicableEnum = enumOf<WhenNotApplicable>(
  'WhenNotApplicable',
  'What a row with rules does with somebody about whom no policy says anything.',
  {
    deny: 'They are not provisioned.',
    permit: 'They are provisioned.',
  },
);
export const AccountsOfDeniedEnum = enumOf<AccountsOfDenied>(
  'AccountsOfDenied',
  'What becomes of an account whose person the rules come to deny.',
  {
    end: 'It ends as the connector is set for removals, under its guard.',
    leave: 'It stays as it is, and is not changed any more while the rules deny it.',
  },
);

@ObjectType('OutboundRow', {
  description: 'One row of an outbound provisioning configuration: how people are provisioned to one connector.',
})
export class OutboundRowType {
  @Field(() => Boolean, { description: 'Blocking: a login waits until the account is there. Off: it is made in the background.' })
  blocking!: boolean;
  @Field(() => Boolean, { description: 'Enable Rules: a published policy decides who is provisioned; without one, nobody is.' })
  enableRules!: boolean;
  @Field(() => Boolean, { description: 'JIT Outbound: people are provisioned when they sign in.' }) jitOutbound!: boolean;
  @Field(() => Int, { description: 'How long a login waits at most, in milliseconds.' }) deadlineMs!: number;
  @Field(() => DeadlineOutcomeEnum, { description: 'What becomes of a login whose account is not there in time.' })
  whenDeadlinePasses!: DeadlineOutcome;
  @Field(() => WhenNotApplicableEnum, { description: 'With rules: whether somebody about whom no policy says anything is provisioned.' })
  whenNotApplicable!: WhenNotApplicable;
  @Field(() => AccountsOfDeniedEnum, { description: 'With rules: what becomes of an account whose person the rules come to deny.' })
  accountsOfDenied!: AccountsOfDenied;
  @Field(() => Boolean, {
    description:
      'With Blocking and JIT Outbound: whoever the rules or the outbound provisioning roles keep from being provisioned is refused at sign-in. Off: they are let in without an account.',
  })
  requireProvisioned!: boolean;
  @Field(() => Boolean, {
    description:
      'Whether the rules are asked before an account ends, too, and keep it where they clearly deny that. Off: no rule stands in the way of an end.',
  })
  rulesOnRemoval!: boolean;
}

@ObjectType('OutboundProvisioning', {
  description: 'The outbound provisioning configuration of a service provider, or the default of the tenant.',
})
export class OutboundProvisioningType {
  @Field(() => Boolean, { description: "The service provider has no rows of its own: these are the tenant's default." })
  inherited!: boolean;
  @Field(() => Int, {
    description:
      'Send it with configureOutboundProvisioning; it is refused when somebody saved in between. Where inherited, that of the service provider.',
  })
  version!: number;
}

@ObjectType({ description: 'The outbound provisioning configuration was saved.' })
export class ConfiguredOutboundProvisioning {
  @Field(() => OutboundProvisioningType, { description: 'As it is now.' }) outboundProvisioning!: Fields<OutboundProvisioningType>;
  @Field(() => Int, { description: 'How many accounts will end, because they were asked to go with their row.' }) accounts!: number;
}

export const ConfigureOutboundProvisioningResult = resultUnion(
  'ConfigureOutboundProvisioningResult',
  'The configuration as it is now, or why it was not saved.',
  ConfiguredOutboundProvisioning,
);
