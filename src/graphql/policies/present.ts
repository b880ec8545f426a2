/** Inputs of policies as commands want them, and the rules of a tenant in the words of the schema. */
import type { PolicyForm } from '../../domain/policy-form.ts';
import type { Tenant } from '../../domain/vocabulary.ts';
import type { Fields } from '../results.ts';
import type { PolicyFormInput } from './inputs.ts';
import type { RulesType } from './types.ts';

/** Plain: what GraphQL made of an input is an object of its class, and lacks what nobody gave. */
export function formOf(input: PolicyFormInput): PolicyForm {
  const { template, serviceProviderIds, identityProviderIds, roles, groupIds, attributes, emailDomains, hours } = input;
  return {
    ...{ template, serviceProviderIds, identityProviderIds, roles, groupIds, emailDomains },
    attributes: attributes.map(({ name, values }) => ({ name, values })),
    hours: hours ? { from: hours.from, to: hours.to, weekdays: hours.weekdays } : null,
  };
}

/** The same input with its form made plain, where there is one. */
export function contentOf<I extends { readonly form?: PolicyFormInput | null }>(input: I): Omit<I, 'form'> & { form: PolicyForm | null } {
  return { ...input, form: input.form ? formOf(input.form) : null };
}

export const presentRules = ({ policyRevision, policyCombining, timeZone }: Tenant): Fields<RulesType> => ({
  revision: policyRevision,
  combining: policyCombining,
  timeZone,
});
