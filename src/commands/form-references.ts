/**
 * What a form names of its tenant: groups, service providers and identity providers by their ids, which have to be there, and groups by their
 * names, which may come later. Start with unknownIds.
 */
import type { FormProblem, PolicyForm } from '../domain/policy-form.ts';
import type { Reads, Where } from './ports.ts';

const kinds = { groupIds: 'group', serviceProviderIds: 'serviceProvider', identityProviderIds: 'identityProvider' } as const;
const lists = ['groupIds', 'serviceProviderIds', 'identityProviderIds'] as const;
const words = { groupIds: 'group', serviceProviderIds: 'service provider', identityProviderIds: 'identity provider' } as const;

/** Each with its place. One query for all ids of a kind. */
export async function unknownIds(reads: Reads, form: PolicyForm): Promise<readonly FormProblem[]> {
  const unknown = await Promise.all(
    lists.map(async (list) => {
      if (form[list].length === 0) return [];
      // What somebody typed has no brand; whether it is an id of this kind is what is asked.
      const where = { id: form[list] } as Where<(typeof kinds)[typeof list]>;
      const found = new Set<string>((await reads.find(kinds[list], where)).map(({ id }) => id));
      const message = `There is no such ${words[list]} in this tenant.`;
      return form[list].flatMap((id, index) => (found.has(id) ? [] : [{ path: [list, String(index)], message }]));
    }),
  );
  return unknown.flat();
}

/** Answers for many forms at once: see the loaders of graphql. */
export interface Lookup {
  one(kind: (typeof kinds)[keyof typeof kinds], id: string): Promise<object | null>;
  hasGroupNamed(name: string): Promise<boolean>;
}

/** Of a form that was saved before something was removed, or imported from elsewhere, or that names groups which are not there yet. */
export async function formWarnings(lookup: Lookup, form: PolicyForm | null): Promise<readonly string[]> {
  if (form === null) return [];
  const ofIds = lists.flatMap((list) =>
    form[list].map(async (id) => ((await lookup.one(kinds[list], id)) ? [] : [`There is no ${words[list]} "${id}" in this tenant.`])),
  );
  const ofNames = form.roles.map(async (name) =>
    (await lookup.hasGroupNamed(name)) ? [] : [`There is no group called "${name}" in this tenant yet: nobody is in it.`],
  );
  return (await Promise.all([...ofIds, ...ofNames])).flat();
}
