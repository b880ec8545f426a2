/** Mappings: how accounts at a target are made of users, and what one user's account comes to. */
import { Field, Int, ObjectType } from 'type-graphql';
import type { AccountType, MappingOwner, MappingSource, MappingWhen } from '../../domain/mapping-row.ts';
import type { RowOrigin } from '../../domain/mapping-table.ts';
import { ProvisioningConnectorType } from '../connectors/types.ts';
import { enumOf } from '../enums.ts';
import { InputProblemType, resultUnion, type Fields } from '../results.ts';
import { AccountAttributeTypeEnum, MappingSourceType } from './source-type.ts';

export const MappingWhenEnum = enumOf<MappingWhen>('MappingWhen', 'When an account attribute is set.', {
  always: 'When the account is made, and whenever it differs from what was last applied.',
  'create-only': 'When the account is made.',
  'if-empty': 'When the account is made, and later only while the target has no value.',
});
export const MappingOwnerEnum = enumOf<MappingOwner>('MappingOwner', 'Whose value of an account attribute wins.', {
  source: 'Ours wins, and clears what has no value any more.',
  target: "The target's own wins once there is one; ours is set when the account is made or while the target has none.",
  'never-clear': 'Ours wins where there is one; nothing is ever cleared.',
});
export const MappingRowOriginEnum = enumOf<RowOrigin>('MappingRowOrigin', 'Where a row of a mapping comes from.', {
  own: 'The connector has it of its own.',
  default: 'Proposed by this kind of connector.',
  'identity-provider': 'An attribute mapping of the identity provider, the other way round.',
});

@ObjectType('MappingRow', { description: 'Where one account attribute comes from, when it is set, and who owns it.' })
export class MappingRowType {
  @Field(() => String, { description: 'The account attribute.' }) attribute!: string;
  @Field(() => AccountAttributeTypeEnum, { description: 'What it holds.' }) type!: AccountType;
  @Field(() => MappingSourceType, { description: 'Where its value comes from.' }) source!: Fields<MappingSourceType>;
  @Field(() => MappingWhenEnum, { description: 'When it is set.' }) when!: MappingWhen;
  @Field(() => MappingOwnerEnum, { description: 'Whose value wins.' }) owner!: MappingOwner;
  @Field(() => [String], { description: 'Taken where the source has no value; empty: nothing is.' }) defaultValues!: readonly string[];
  @Field(() => MappingRowOriginEnum, { description: 'Where the row comes from.' }) origin!: RowOrigin;
  @Field(() => Boolean, { description: 'It is not of the connector itself.' }) inherited!: boolean;
}

@ObjectType('Mapping', { description: 'How accounts at one target are made of users.' })
export class MappingType {
  @Field(() => Boolean, { description: 'The connector has none of its own: what its kind proposes holds.' }) inherited!: boolean;
  @Field(() => [MappingRowType], { description: 'What holds now; account attributes without a row are left alone.' })
  rows!: readonly Fields<MappingRowType>[];
}

export type PreviewOutcome = 'set' | 'cleared' | 'left-alone' | 'missing' | 'failed';
export const PreviewOutcomeEnum = enumOf<PreviewOutcome>('PreviewOutcome', 'What becomes of one account attribute.', {
  set: 'It gets the value.',
  cleared: 'Whatever is there goes: the source has no value.',
  'left-alone': 'Usher does not touch it.',
  missing: 'No account can be made without it, and the user has no value.',
  failed: 'Its mapping failed for this user.',
});

@ObjectType({ description: 'One attribute of a previewed account, and where it comes from.' })
export class PreviewedAttribute {
  @Field(() => String, { description: 'The account attribute.' }) attribute!: string;
  @Field(() => AccountAttributeTypeEnum, { description: 'What it holds.' }) type!: AccountType;
  @Field(() => PreviewOutcomeEnum, { description: 'What becomes of it.' }) outcome!: PreviewOutcome;
  @Field(() => [String], { nullable: true, description: 'Its value; null: there is none, or your role may not see it.' })
  value!: readonly string[] | null;
  @Field(() => String, { description: 'Why, in a sentence.' }) explanation!: string;
  @Field(() => MappingRowType, { nullable: true, description: 'The row that maps it; null: none does.' })
  row!: Fields<MappingRowType> | null;
  @Field(() => Int, { nullable: true, description: 'Which of the rows that is, from 0; null: it is inherited, or there is none.' })
  rowIndex!: number | null;
}

@ObjectType({ description: 'The account that one user would have. Nothing was called, written or claimed to find out.' })
export class PreviewedAccount {
  @Field(() => Boolean, { description: 'An account could be made of this.' }) complete!: boolean;
  @Field(() => [PreviewedAttribute], { description: 'Its attributes, and those that no row maps.' })
  attributes!: readonly Fields<PreviewedAttribute>[];
  @Field(() => [InputProblemType], { description: 'Why the rows could not be saved as they are; empty: they could.' })
  faults!: readonly InputProblemType[];
}

export const ConfigureMappingResult = resultUnion(
  'ConfigureMappingResult',
  'The provisioning connector as it is now, or why nothing was changed.',
  ProvisioningConnectorType,
);
export const PreviewAccountResult = resultUnion('PreviewAccountResult', 'The account, or why there is none to show.', PreviewedAccount);
export type SourceKind = MappingSource['kind'];
