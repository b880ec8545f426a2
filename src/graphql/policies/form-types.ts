/** The small forms that policies are made of: as they are told, and which parts each template asks for. */
import { Field, ID, ObjectType } from 'type-graphql';
import type { Hours, PolicyForm, PolicyTemplate } from '../../domain/policy-form.ts';
import type { Weekday } from '../../domain/time-zone.ts';
import { enumOf } from '../enums.ts';
import type { Fields } from '../results.ts';

export const PolicyTemplateEnum = enumOf<PolicyTemplate>('PolicyTemplate', 'What a form lets people be permitted by.', {
  role: 'The names of groups they are in.',
  group: 'Groups they are in, however these are called.',
  attribute: 'Values of their attributes.',
  'email-domain': 'The domain of an e-mail address of theirs.',
  time: 'The hours of the day and the days of the week.',
  'time-and-role': 'Hours, and the names of groups they are in.',
  'time-and-attribute': 'Hours, and values of their attributes.',
});
export const WeekdayEnum = enumOf<Weekday>('Weekday', 'A day of the week.', {
  monday: 'Monday.',
  tuesday: 'Tuesday.',
  wednesday: 'Wednesday.',
  thursday: 'Thursday.',
  friday: 'Friday.',
  saturday: 'Saturday.',
  sunday: 'Sunday.',
});

@ObjectType('PolicyFormAttribute', { description: 'An attribute of a person, and what it may be.' })
export class PolicyFormAttributeType {
  @Field(() => String, { description: "Its name, as in the user's attributes." }) name!: string;
  @Field(() => [String], { description: 'One of these is among its values.' }) values!: readonly string[];
}

@ObjectType('PolicyHours', { description: 'Hours of the day, by the clock in the time zone of the rules.' })
export class PolicyHoursType implements Hours {
  @Field(() => String, { description: 'From then on, hh:mm:ss.' }) from!: string;
  @Field(() => String, { description: 'Until then, hh:mm:ss; earlier than `from`: over midnight.' }) to!: string;
  @Field(() => [WeekdayEnum], { description: 'On these days; empty: on every day.' }) weekdays!: readonly Weekday[];
}

@ObjectType('PolicyForm', { description: 'What a policy was made of: it permits whom all of the parts fit, and denies the others.' })
export class PolicyFormType implements PolicyForm {
  @Field(() => PolicyTemplateEnum, { description: 'Which parts count.' }) template!: PolicyTemplate;
  @Field(() => [ID], { description: 'Only for people of these service providers; empty: of any.' }) serviceProviderIds!: readonly string[];
  @Field(() => [ID], { description: 'Only at connectors of these identity providers; empty: of any.' })
  identityProviderIds!: readonly string[];
  @Field(() => [String], { description: 'Names of groups, of which a person is in one.' }) roles!: readonly string[];
  @Field(() => [ID], { description: 'Groups, of which a person is in one.' }) groupIds!: readonly string[];
  @Field(() => [PolicyFormAttributeType], { description: 'Attributes, all of which fit.' })
  attributes!: readonly Fields<PolicyFormAttributeType>[];
  @Field(() => [String], { description: 'Domains, one of which an e-mail address is at.' }) emailDomains!: readonly string[];
  @Field(() => PolicyHoursType, { nullable: true, description: 'When; null: at any time.' }) hours!: Fields<PolicyHoursType> | null;
}

@ObjectType('PolicyTemplatePart', { description: 'A field of a form.' })
export class PolicyTemplatePartType {
  @Field(() => String, { description: 'The field of PolicyFormInput.' }) field!: string;
  @Field(() => String, { description: 'What to call it.' }) label!: string;
  @Field(() => String, { description: 'What it asks for.' }) description!: string;
  @Field(() => Boolean, { description: 'Whether it has to be filled in.' }) required!: boolean;
}

@ObjectType('PolicyTemplateForm', { description: 'A form that a policy can be made of.' })
export class PolicyTemplateFormType {
  @Field(() => PolicyTemplateEnum, { description: 'Its template.' }) template!: PolicyTemplate;
  @Field(() => String, { description: 'What to call it.' }) label!: string;
  @Field(() => String, { description: 'Whom a policy made of it permits.' }) description!: string;
  @Field(() => [PolicyTemplatePartType], { description: 'Its fields, in their order; every other field stays empty.' })
  parts!: readonly Fields<PolicyTemplatePartType>[];
}
