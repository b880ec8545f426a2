/** What configureMapping and previewAccount take. Whether rows fit a connector is judged by the domain; here only their form is. */
import { Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import { mappingLimits } from '../../domain/mapping-faults.ts';
import type { AccountType, MappingOwner, MappingWhen } from '../../domain/mapping-row.ts';
import type { TargetId } from '../../domain/vocabulary.ts';
import { id } from '../ids.ts';
import { AccountAttributeTypeEnum, MappingSourceKindEnum } from './source-type.ts';
import { MappingOwnerEnum, MappingWhenEnum, type SourceKind } from './types.ts';

@InputType({ description: "Where an account attribute's value comes from." })
export class MappingSourceInput {
  @Field(() => MappingSourceKindEnum, { description: 'Its kind. It says which one of the other fields is needed.' }) kind!: SourceKind;
  @Field(() => String, { nullable: true, description: "ATTRIBUTE: name of the user's attribute." }) attribute?: string | null;
  @Field(() => [String], { nullable: true, description: 'CONSTANT: the value, or several for a list.' }) values?: string[] | null;
  @Field(() => String, {
    nullable: true,
    description:
      'EXPRESSION: JSONata over { user: { id, userName, active, attributes }, groups, roles, userStore, tenant, identityProvider }. At most 4,000 characters.',
  })
  expression?: string | null;
  @Field(() => MappingSourceInput, { nullable: true, description: 'ATTRIBUTE: taken where the user has no value of it.' })
  fallback?: MappingSourceInput | null;
}

@InputType({ description: 'One row of a mapping.' })
export class MappingRowInput {
  @Field(() => String, { description: 'The account attribute; each at most once.' }) attribute!: string;
  @Field(() => AccountAttributeTypeEnum, {
    nullable: true,
    description: 'What it holds, where the connector does not list the attribute; absent or null: one text.',
  })
  type?: AccountType | null;
  @Field(() => MappingSourceInput, { description: 'Where its value comes from.' }) source!: MappingSourceInput;
  @Field(() => MappingWhenEnum, { defaultValue: 'always', description: 'When it is set.' }) when!: MappingWhen;
  @Field(() => MappingOwnerEnum, { defaultValue: 'source', description: 'Whose value wins.' }) owner!: MappingOwner;
  @Field(() => [String], { defaultValue: [], description: 'Taken where the source has no value.' }) defaultValues!: string[];
}

const rows = z.array(z.unknown()).max(mappingLimits.rows, `At most ${mappingLimits.rows} rows.`).nullish();

@InputType({ description: 'The whole mapping of a provisioning connector, or that it has none of its own.' })
export class ConfigureMappingInput {
  static readonly schema = z.object({ targetId: id, rows });
  @Field(() => ID, { description: 'Which provisioning connector.' }) targetId!: TargetId;
  @Field(() => Int, { description: 'The version that was read: of the provisioning connector.' }) version!: number;
  @Field(() => [MappingRowInput], {
    nullable: true,
    description: `All rows, in place of the present ones; at most ${mappingLimits.rows}. null or absent: back to what this kind of connector proposes.`,
  })
  rows?: MappingRowInput[] | null;
}
