/** Provisioning connectors (targets) and the catalogue of their kinds, as GraphQL tells them. Secrets have a name and no value here. */
import { GraphQLDateTimeISO, GraphQLJSON, GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { ConfigField } from '../../connectors/contract/config-fields.ts';
import type { Capabilities, CheckProblem } from '../../connectors/contract/connector.ts';
import type { AccountAttributeSpec } from '../../domain/mapping.ts';
import type { Adoption, Removal } from '../../domain/vocabulary.ts';
import { connectionOf } from '../connections.ts';
import { enumOf } from '../enums.ts';
import { AccountAttributeTypeEnum, MappingSourceType } from '../mappings/source-type.ts';
import { resultUnion, type Fields } from '../results.ts';

export const RemovalEnum = enumOf<Removal>('Removal', 'How an account ends when its user or assignment goes.', {
  deactivate: 'Access ends, data stays.',
  delete: 'The account is removed.',
  'deactivate-then-delete': 'Access ends; the account is removed after a grace period, unless that is cancelled or the person comes back.',
  leave: 'Nothing is done.',
});
export const AdoptionEnum = enumOf<Adoption>('Adoption', 'What to do when an account that nobody is linked to already matches a person.', {
  link: 'If it is the only one and its matching attribute is truly theirs, it is theirs from now on; else it waits for a decision.',
  ask: 'It waits for a decision: see adoptionCases.',
  refuse: 'Give up.',
});
export const ConfigFieldKindEnum = enumOf<ConfigField['kind']>('ConfigFieldKind', 'How to draw a field of a form.', {
  text: 'A line of text.',
  secret: 'A text that is stored sealed and never told again: draw it as a password.',
  url: 'An absolute http or https URL.',
  boolean: 'A switch.',
  integer: 'A whole number.',
  choice: 'One of the options.',
});
export type ConnectorState = 'working' | 'disabled' | 'suspended' | 'paused' | 'circuit-open' | 'leaving';
export const ConnectorStateEnum = enumOf<ConnectorState>('ProvisioningConnectorState', 'Whether calls go to a target.', {
  working: 'Calls go there.',
  disabled: 'It, or its identity provider, is disabled: its operations wait.',
  suspended: 'The target refuses our credentials: its operations wait until somebody configures or resumes it.',
  paused: 'The target asked for time.',
  'circuit-open': 'Too many calls failed in a row: one is tried now and then.',
  leaving: 'Its accounts are being ended; then it is removed.',
});

@ObjectType('ConfigFieldOption', { description: 'What may be chosen.' })
export class ConfigFieldOptionType {
  @Field(() => String, { description: 'What to send.' }) value!: string;
  @Field(() => String, { description: 'What to show.' }) label!: string;
}

@ObjectType('ConfigFieldCondition', { description: 'When a field is asked for.' })
export class ConfigFieldConditionType {
  @Field(() => String, { description: 'Name of another field of the form.' }) field!: string;
  @Field(() => [GraphQLJSON], { description: 'Its values with which this field is asked for: texts, or true or false.' })
  equals!: readonly (string | boolean)[];
}

@ObjectType('ConfigField', { description: "One field of a connector's form." })
export class ConfigFieldType {
  @Field(() => String, { description: 'Its key in `config`.' }) name!: string;
  @Field(() => ConfigFieldKindEnum, { description: 'How to draw it.' }) kind!: ConfigField['kind'];
  @Field(() => String, { description: 'Its label.' }) displayName!: string;
  @Field(() => String, { description: 'What to write beside it.' }) description!: string;
  @Field(() => Boolean, { description: 'It may have several lines, such as the text of a key file: draw it as a large box.' })
  multiline!: boolean;
  @Field(() => Boolean, { description: 'It must be filled in wherever it is asked for.' }) required!: boolean;
  @Field(() => GraphQLJSON, { nullable: true, description: 'Taken where nothing is given; null: none.' })
  default!: string | number | boolean | null;
  @Field(() => String, { nullable: true, description: 'Regular expression that the whole text must match.' }) pattern!: string | null;
  @Field(() => Int, { nullable: true, description: 'Longest text.' }) maxLength!: number | null;
  @Field(() => Int, { nullable: true, description: 'Least number.' }) min!: number | null;
  @Field(() => Int, { nullable: true, description: 'Greatest number.' }) max!: number | null;
  @Field(() => [ConfigFieldOptionType], { description: 'What may be chosen; empty where it is no choice.' })
  options!: readonly Fields<ConfigFieldOptionType>[];
  @Field(() => ConfigFieldConditionType, { nullable: true, description: 'When it is asked for; null: always.' })
  when!: Fields<ConfigFieldConditionType> | null;
}

@ObjectType('AccountAttribute', { description: 'An attribute of accounts in this kind of target.' })
export class AccountAttributeType {
  @Field(() => String, { description: 'Its name.' }) name!: string;
  @Field(() => String, { description: 'What it is.' }) description!: string;
  @Field(() => AccountAttributeTypeEnum, { description: 'What it holds.' }) type!: AccountAttributeSpec['type'];
  @Field(() => Boolean, { description: 'No account can be made without it.' }) required!: boolean;
  @Field(() => String, {
    nullable: true,
    description: 'The field of the form that new accounts have it from where no row gives one: without both none can be made; null: none.',
  })
  orFromField!: string | null;
  @Field(() => Boolean, { description: 'It can be set when the account is made and not be changed later.' }) createOnly!: boolean;
  @Field(() => Boolean, { description: 'Accounts can be found by it: it may be the matching attribute.' }) matchable!: boolean;
  @Field(() => String, { nullable: true, description: 'Where its value comes from, in words; null: Usher leaves it alone.' })
  source!: string | null;
  @Field(() => MappingSourceType, { nullable: true, description: 'The same to work with: the default mapping; null: none.' })
  defaultMapping!: Fields<MappingSourceType> | null;
}

@ObjectType('MoreAccountAttributes', {
  description: 'Account attributes that may be mapped besides the listed ones, such as custom fields.',
})
export class MoreAccountAttributesType {
  @Field(() => String, { description: 'Regular expression of the whole name.' }) pattern!: string;
  @Field(() => String, { description: 'What they are.' }) description!: string;
  @Field(() => String, { description: 'A name of that form.' }) example!: string;
}

@ObjectType('ConnectorCapabilities', { description: 'What a kind of connector can do.' })
export class ConnectorCapabilitiesType implements Capabilities {
  @Field(() => Boolean, { description: 'End access and keep the data.' }) deactivate!: boolean;
  @Field(() => Boolean, { description: 'Remove the account.' }) delete!: boolean;
  @Field(() => Boolean, { description: 'Keep groups.' }) groups!: boolean;
  @Field(() => Boolean, { description: 'Recognise a repeated creation.' }) idempotentCreate!: boolean;
}

@ObjectType('ConnectorDefinition', { description: 'A kind of provisioning connector: its form, its accounts, and what it can do.' })
export class ConnectorDefinitionType {
  @Field(() => String, { description: 'What to send as `connectorType`.' }) type!: string;
  @Field(() => String, { description: 'What it is called.' }) displayName!: string;
  @Field(() => String, { description: 'What it is for.' }) description!: string;
  @Field(() => [ConfigFieldType], { description: 'The form that an administrator fills in, in order.' })
  fields!: readonly Fields<ConfigFieldType>[];
  @Field(() => [AccountAttributeType], { description: 'What accounts are made of.' })
  accountAttributes!: readonly Fields<AccountAttributeType>[];
  @Field(() => MoreAccountAttributesType, { nullable: true, description: 'Which others may be mapped; null: none.' })
  moreAccountAttributes!: Fields<MoreAccountAttributesType> | null;
  @Field(() => String, {
    nullable: true,
    description: 'The account attribute that the user id pattern of its form makes; null: it has no pattern.',
  })
  userIdAttribute!: string | null;
  @Field(() => String, { description: 'Attribute used to find an account that is already this person, unless another is chosen.' })
  defaultMatchingAttribute!: string;
  @Field(() => ConnectorCapabilitiesType, { description: 'What it can do.' }) capabilities!: Capabilities;
}

@ObjectType('ProvisioningConnectorCondition', { description: 'What the engine learnt about a target while working.' })
export class ConnectorConditionType {
  @Field(() => ConnectorStateEnum, { description: 'Whether calls go there now.' }) state!: ConnectorState;
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Since when it refuses our credentials; null: it does not.' })
  suspendedAt!: Date | null;
  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'Until when it asked us to wait; null: it did not, or that time is over.',
  })
  pausedUntil!: Date | null;
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When the next call is tried; null: the circuit is closed.' })
  circuitOpenUntil!: Date | null;
  @Field(() => Int, { description: 'Transient failures in a row.' }) consecutiveFailures!: number;
}

@ObjectType('ConnectorCheckProblem', { description: 'Something that does not work.' })
export class ConnectorCheckProblemType implements CheckProblem {
  @Field(() => String, { nullable: true, description: 'The field of the form that is to blame; null: no single one.' }) field!:
    string | null;
  @Field(() => String, { description: 'What does not work.' }) message!: string;
}

@ObjectType('LastConnectorCheck', { description: 'What came of trying a connector after it was saved.' })
export class LastConnectorCheckType {
  @Field(() => GraphQLDateTimeISO, { description: 'When it was tried.' }) at!: Date;
  @Field(() => Boolean, { description: 'Address, credentials, privileges and whatever its form names are right.' }) ok!: boolean;
  @Field(() => [ConnectorCheckProblemType], { description: 'What does not work; empty: nothing.' })
  problems!: readonly CheckProblem[];
}

@ObjectType('ProvisioningConnector', {
  description: 'One configured provisioning connector of an identity provider: a target that accounts are made in.',
})
export class ProvisioningConnectorType {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => String, { description: 'What it is called; unique at its identity provider.' }) name!: string;
  @Field(() => String, { description: 'Its kind: the type of a connector definition.' }) connectorType!: string;
  @Field(() => Boolean, { description: 'Off: its operations wait.' }) enabled!: boolean;
  @Field(() => GraphQLJSONObject, { description: 'The fields of its form without the secret ones.' })
  config!: Readonly<Record<string, unknown>>;
  @Field(() => RemovalEnum, { description: 'How an account ends when its user or assignment goes.' }) removal!: Removal;
  @Field(() => AdoptionEnum, { description: 'What to do when an account already matches a person.' }) adoption!: Adoption;
  @Field(() => String, { description: 'Account attribute by which an account that is already this person is found.' })
  matchingAttribute!: string;
  @Field(() => Int, { description: 'Days between deactivation and deletion, where removal asks for both.' }) graceDays!: number;
  @Field(() => Boolean, { description: 'Many removals at once are held for somebody to confirm.' }) guardEnabled!: boolean;
  @Field(() => Int, { description: 'More removals within the window than this are held.' }) guardCount!: number;
  @Field(() => Int, { description: 'So are removals of more than so many percent of its active accounts,' }) guardPercent!: number;
  @Field(() => Int, { description: 'once they are more than so many.' }) guardPercentFrom!: number;
  @Field(() => Int, { description: 'How long the window is, in minutes.' }) guardWindowMinutes!: number;
  @Field(() => Int, { description: 'At most so many calls at once, over all processes.' }) maxConcurrentCalls!: number;
  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When it was asked to go together with its accounts; it goes when the last of them has ended. null: it stays.',
  })
  removalAskedAt!: Date | null;
  @Field(() => Int, { description: 'Send it with a change; it is refused when somebody saved in between.' }) version!: number;
  @Field(() => GraphQLDateTimeISO, { description: 'When it was first enabled.' }) createdAt!: Date;
}

export const ProvisioningConnectorConnection = connectionOf(
  'ProvisioningConnector',
  'provisioning connectors',
  () => ProvisioningConnectorType,
);

@ObjectType({ description: 'What became of a connector that was to be removed.' })
export class RemovedProvisioningConnector {
  @Field(() => ID, { description: 'Its id.' }) id!: string;
  @Field(() => Boolean, { description: 'It is gone. False: its accounts are being ended, and it goes when the last of them has ended.' })
  removed!: boolean;
  @Field(() => Int, { description: 'How many accounts have yet to end.' }) accounts!: number;
  @Field(() => ProvisioningConnectorType, { nullable: true, description: 'The connector while it is still there; null: it is gone.' })
  provisioningConnector!: Fields<ProvisioningConnectorType> | null;
}

@ObjectType({ description: 'What came of trying a connector.' })
export class CheckedProvisioningConnector {
  @Field(() => Boolean, { description: 'Address, credentials and privileges are right.' }) works!: boolean;
  @Field(() => [ConnectorCheckProblemType], { description: 'What does not work; empty: nothing.' })
  problems!: readonly CheckProblem[];
}

const resultOf = (mutation: string) =>
  resultUnion(`${mutation}Result`, 'The provisioning connector as it is now, or why nothing was changed.', ProvisioningConnectorType);
export const EnableProvisioningConnectorResult = resultOf('EnableProvisioningConnector');
export const ConfigureProvisioningConnectorResult = resultOf('ConfigureProvisioningConnector');
export const DisableProvisioningConnectorResult = resultOf('DisableProvisioningConnector');
export const ReenableProvisioningConnectorResult = resultOf('ReenableProvisioningConnector');
export const ResumeProvisioningConnectorResult = resultOf('ResumeProvisioningConnector');
export const RemoveProvisioningConnectorResult = resultUnion(
  'RemoveProvisioningConnectorResult',
  'What became of it, or why nothing was changed.',
  RemovedProvisioningConnector,
);
export const CheckProvisioningConnectorResult = resultUnion(
  'CheckProvisioningConnectorResult',
  'Whether it works, or why it could not be tried.',
  CheckedProvisioningConnector,
);
