/** The templates of policies, told so that a form can be drawn from them. */
import { partsOfTemplate, policyTemplates, type PolicyFormPart, type PolicyTemplate } from '../../domain/policy-form.ts';
import type { Fields } from '../results.ts';
import type { PolicyTemplateFormType, PolicyTemplatePartType } from './form-types.ts';

export function templateForms(): readonly Fields<PolicyTemplateFormType>[] {
  return policyTemplates.map((template) => ({
    template,
    ...words[template],
    parts: [
      ...partsOfTemplate[template].map((field) => ({ field, ...wordsOfPart[field], required: true })),
      ...partsOfAll.map((part) => ({ ...part, required: false })),
    ],
  }));
}

type Words = Pick<PolicyTemplatePartType, 'label' | 'description'>;

const words: Readonly<Record<PolicyTemplate, Words>> = {
  role: { label: 'Role', description: 'Permits people who are in a group of one of these names.' },
  group: { label: 'Group', description: 'Permits people who are in one of these groups, also after it is renamed.' },
  attribute: { label: 'Attribute', description: 'Permits people whose attributes have these values.' },
  'email-domain': { label: 'E-mail domain', description: 'Permits people with an e-mail address at one of these domains.' },
  time: { label: 'Time', description: 'Permits everybody at these hours.' },
  'time-and-role': { label: 'Time and role', description: 'Permits people who are in a group of one of these names, at these hours.' },
  'time-and-attribute': { label: 'Time and attribute', description: 'Permits people whose attributes have these values, at these hours.' },
};

const wordsOfPart: Readonly<Record<PolicyFormPart, Words>> = {
  roles: { label: 'Roles', description: 'Names of groups. Being in one of them is enough.' },
  groupIds: { label: 'Groups', description: 'Ids of groups. Being in one of them is enough.' },
  attributes: { label: 'Attributes', description: 'Names with values. All of the attributes have to fit, each with one of its values.' },
  emailDomains: { label: 'E-mail domains', description: 'In lower case, such as example.com. One of them is enough.' },
  hours: { label: 'Hours', description: 'From, to and days of the week, by the clock in the time zone of the rules.' },
};

const partsOfAll = [
  {
    field: 'serviceProviderIds',
    label: 'Service providers',
    description: 'The policy says nothing about people of others. Empty: it is for all.',
  },
  {
    field: 'identityProviderIds',
    label: 'Identity providers',
    description: 'The policy says nothing about connectors of others. Empty: it is for all.',
  },
] as const;
