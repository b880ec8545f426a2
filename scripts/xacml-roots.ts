/** Which of several policies stand by themselves: those that no other refers to. */
import { summarizePolicy, type PolicySource, type PolicySummary } from '../src/xacml/pdp.ts';

type Named = Pick<PolicySummary, 'kind' | 'id'>;

/** Every policy that another one refers to is there for that. One that cannot be read stays what it was: whoever loads it is told why. */
export function withRoots(policies: readonly PolicySource[]): readonly PolicySource[] {
  const read = policies.map((source) => ({ source, read: summarizePolicy(source.text) }));
  const referredTo = new Set(read.flatMap((each) => (each.read.kind === 'summary' ? referencesIn(each.read.summary).map(keyOf) : [])));
  return read.map(({ source, read: each }) =>
    each.kind === 'summary' && referredTo.has(keyOf(each.summary)) ? { ...source, use: 'referenced' } : source,
  );
}

function referencesIn({ references, policies }: PolicySummary): readonly Named[] {
  return [...references, ...policies.flatMap(referencesIn)];
}

/** A policy and a policy set may have the same id. */
const keyOf = ({ kind, id }: Named): string => `${kind} ${id}`;
