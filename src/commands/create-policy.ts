/** Makes a policy with its first draft. It decides nothing until it is published and active. */
import { problemWithName } from '../domain/text.ts';
import type { Policy, PolicyId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { done, invalid, inUse, type Outcome } from './outcome.ts';
import { readDraft, type PolicyContent } from './policy-content.ts';
import type { House } from './ports.ts';
import { unlessNameTaken } from './settings-record.ts';

export interface CreatePolicyInput extends PolicyContent {
  readonly name: string;
  readonly description?: string | null;
  readonly referencedOnly?: boolean | null;
}

/** All of them are compiled into one decision point. */
const mostPolicies = 2_000;
const longestDescription = 2_000;
export const tooLongDescription = invalid({ path: ['description'], message: `At most ${longestDescription} characters.` });
export const isTooLong = (description: string | null | undefined): boolean => (description ?? '').length > longestDescription;

export async function createPolicy(house: House, caller: Caller, input: CreatePolicyInput): Promise<Outcome<Policy>> {
  const message = problemWithName(input.name, 255);
  if (message) return invalid({ path: ['name'], message });
  if (isTooLong(input.description)) return tooLongDescription;
  const id = house.chance.uuid() as PolicyId;
  const content = await readDraft(house.database.reads(caller.tenantId), id, input);
  if (content.kind !== 'done') return content;
  return unlessNameTaken('a policy', () =>
    house.database.transaction(caller.tenantId, async (tx) => {
      const others = await tx.find('policy', {});
      if (others.length >= mostPolicies) return inUse(`There are ${mostPolicies} policies already: no tenant has more.`);
      const policy = await tx.insert('policy', {
        ...{ id, name: input.name, description: input.description ?? '', referencedOnly: input.referencedOnly ?? false },
        ...content.value,
        position: Math.max(0, ...others.map((other) => other.position)) + 1,
        active: false,
        draftedBy: byWhom(caller),
        draftedAt: house.clock.now(),
        publishedVersionId: null,
      });
      await tx.append([{ type: 'policy.drafted', payload: { policyId: id, name: policy.name, by: byWhom(caller) } }]);
      return done(policy);
    }),
  );
}

/** Kind and id of who changed a policy. */
export const byWhom = ({ actor }: Caller): string => `${actor.kind}:${actor.id}`;
