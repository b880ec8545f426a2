/** What the mutations and the list of policies take. Whether a policy is one is judged by the commands; here only the form of the input is. */
import { Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import type { PolicyTemplate } from '../../domain/policy-form.ts';
import type { Weekday } from '../../domain/time-zone.ts';
import type { PolicyCombining, PolicyId } from '../../domain/vocabulary.ts';
import { id } from '../ids.ts';
import { description, namePart } from '../texts.ts';
import { PolicyTemplateEnum, WeekdayEnum } from './form-types.ts';
import { PolicyCombiningEnum } from './types.ts';

const word = z.string().max(1_000, 'At most 1,000 characters.');
const list = <T extends z.ZodType>(of: T) => z.array(of).max(100, 'At most 100.');
const form = z.object({
  serviceProviderIds: list(id),
  identityProviderIds: list(id),
  roles: list(word),
  groupIds: list(id),
  attributes: list(z.object({ name: word, values: list(word) })),
  emailDomains: list(word),
});
export const policyContent = { xml: z.string().nullish(), form: form.nullish() };

@InputType({ description: 'An attribute of a person, and what it may be.' })
export class PolicyFormAttributeInput {
  @Field(() => String, { description: "Its name, as in the user's attributes." }) name!: string;
  @Field(() => [String], { description: 'One of these is among its values.' }) values!: string[];
}

@InputType({ description: 'Hours of the day, by the clock in the time zone of the rules.' })
export class PolicyHoursInput {
  @Field(() => String, { description: 'From then on, hh:mm:ss.' }) from!: string;
  @Field(() => String, { description: 'Until then, hh:mm:ss; earlier than `from`: over midnight.' }) to!: string;
  @Field(() => [WeekdayEnum], { defaultValue: [], description: 'On these days; empty: on every day.' }) weekdays!: Weekday[];
}

@InputType({ description: 'What a policy is made of: `policyTemplates` tells which fields each template asks for. Up to 100 of each.' })
export class PolicyFormInput {
  static readonly schema = form;
  @Field(() => PolicyTemplateEnum, { description: 'Which fields count.' }) template!: PolicyTemplate;
  @Field(() => [ID], { defaultValue: [], description: 'Only for people of these service providers; empty: of any.' })
  serviceProviderIds!: string[];
  @Field(() => [ID], { defaultValue: [], description: 'Only at connectors of these identity providers; empty: of any.' })
  identityProviderIds!: string[];
  @Field(() => [String], { defaultValue: [], description: 'Names of groups, of which a person is in one.' }) roles!: string[];
  @Field(() => [ID], { defaultValue: [], description: 'Groups, of which a person is in one.' }) groupIds!: string[];
  @Field(() => [PolicyFormAttributeInput], { defaultValue: [], description: 'Attributes, all of which fit.' })
  attributes!: PolicyFormAttributeInput[];
  @Field(() => [String], { defaultValue: [], description: 'Domains in lower case, one of which an e-mail address is at.' })
  emailDomains!: string[];
  @Field(() => PolicyHoursInput, { nullable: true, description: 'When; absent or null: at any time.' }) hours?: PolicyHoursInput | null;
}

@InputType({ description: 'A policy to make: as XML or as a form, one of them.' })
export class CreatePolicyInput {
  static readonly schema = z.object({ ...policyContent, description: description.nullish() });
  @Field(() => String, { description: 'What it is called; unique in the tenant.' }) name!: string;
  @Field(() => String, { nullable: true, description: 'What it is for.' }) description?: string | null;
  @Field(() => String, { nullable: true, description: 'A Policy or PolicySet of XACML 3.0.' }) xml?: string | null;
  @Field(() => PolicyFormInput, { nullable: true, description: 'A form in place of XML.' }) form?: PolicyFormInput | null;
  @Field(() => Boolean, {
    nullable: true,
    description: 'It is not asked by itself: only policies that refer to it do. Absent or null: it is.',
  })
  referencedOnly?: boolean | null;
}

@InputType({ description: 'What to change of a policy: absent or null fields stay as they are.' })
export class ChangePolicyInput {
  static readonly schema = z.object({ ...policyContent, id, description: description.nullish() });
  @Field(() => ID, { description: 'Which one.' }) id!: PolicyId;
  @Field(() => Int, { description: 'The version that was read.' }) version!: number;
  @Field(() => String, { nullable: true, description: 'What it is called.' }) name?: string | null;
  @Field(() => String, { nullable: true, description: 'What it is for.' }) description?: string | null;
  @Field(() => String, { nullable: true, description: 'The draft from now on: a Policy or PolicySet of XACML 3.0.' }) xml?: string | null;
  @Field(() => PolicyFormInput, { nullable: true, description: 'A form in place of XML.' }) form?: PolicyFormInput | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether only policies that refer to it ask it. In force at once.' })
  referencedOnly?: boolean | null;
}

@InputType({ description: 'Which policy, as it was read.' })
export class SeenPolicyInput {
  static readonly schema = z.object({ id });
  @Field(() => ID, { description: 'Which one.' }) id!: PolicyId;
  @Field(() => Int, { description: 'The version that was read.' }) version!: number;
}

@InputType({ description: 'Which draft to publish.' })
export class PublishPolicyInput {
  static readonly schema = z.object({ id });
  @Field(() => ID, { description: 'Of which policy.' }) id!: PolicyId;
  @Field(() => Int, { description: 'The version that was read.' }) version!: number;
  @Field(() => Boolean, { nullable: true, description: 'Whether it is active from now on; absent or null: as it is.' })
  activate?: boolean | null;
}

@InputType({ description: 'Which earlier version to make the draft again.' })
export class RestorePolicyVersionInput {
  static readonly schema = z.object({ id });
  @Field(() => ID, { description: 'Of which policy.' }) id!: PolicyId;
  @Field(() => Int, { description: 'The version of the policy that was read.' }) version!: number;
  @Field(() => Int, { description: 'The number of the published version.' }) number!: number;
}

@InputType({ description: 'How the policies decide together: absent or null fields stay as they are.' })
export class ConfigureRulesInput {
  static readonly schema = z.object({
    timeZone: z.string().max(100, 'At most 100 characters.').nullish(),
    order: z.array(id).max(2_000).nullish(),
  });
  @Field(() => Int, { description: 'The revision of the rules that was read.' }) revision!: number;
  @Field(() => PolicyCombiningEnum, { nullable: true, description: 'How several policies decide together.' })
  combining?: PolicyCombining | null;
  @Field(() => String, {
    nullable: true,
    description: 'The time zone in which policies see the clock: an IANA name such as Europe/Berlin.',
  })
  timeZone?: string | null;
  @Field(() => [ID], { nullable: true, description: 'All policies of the tenant in their order, the first one first; published or not.' })
  order?: readonly PolicyId[] | null;
}

@InputType({ description: 'Which policies to list; what is absent does not matter.' })
export class PolicyFilter {
  static readonly schema = z.object({ nameContains: namePart });
  @Field(() => String, { nullable: true, description: 'Part of the name, in any case.' }) nameContains?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'Only those in force, or only the others.' }) active?: boolean | null;
}
