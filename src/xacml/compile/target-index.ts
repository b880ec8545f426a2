/**
 * Which of many rules or policies a request could concern at all. One is passed over only if its target does not match for certain: one AnyOf of
 * which each AllOf asks an attribute for a value that the request has not. An attribute that must be present and is not makes an error, not a
 * mismatch, so whatever asks for one is kept. What is left keeps its order.
 */
import type { Evaluation } from '../evaluate/evaluation.ts';
import type { CompiledTarget, Equality } from './target.ts';
import type { Bag, Key } from '../values/value.ts';

export interface Targeted {
  readonly target: CompiledTarget;
}
export type Candidates<T> = (evaluation: Evaluation) => readonly T[];

/** Fewer are evaluated sooner than they are looked up. */
const worthIt = 8;

export function indexByTarget<T extends Targeted>(children: readonly T[]): Candidates<T> {
  if (children.length < worthIt) return () => children;
  const frequency = countValues(children);
  const always: number[] = [];
  const attributes = new Map<string, Postings>();
  for (const [i, { target }] of children.entries()) {
    const chosen = chooseEqualities(target, frequency);
    if (!chosen) always.push(i);
    for (const equality of chosen ?? []) post(attributes, equality, i);
  }
  if (attributes.size === 0) return () => children;
  const demanded = [...attributes].filter(([, { ifAbsent }]) => ifAbsent.length > 0);
  return (evaluation) => {
    const { bags } = evaluation.request;
    const found = [...always];
    evaluation.spend((Math.min(attributes.size, bags.size) + demanded.length + always.length) >> 4);
    // Over whichever there are fewer of.
    if (attributes.size < bags.size)
      for (const [attribute, postings] of attributes) addMatching(postings, bags.get(attribute), found, children.length, evaluation);
    else for (const [attribute, bag] of bags) addMatching(attributes.get(attribute), bag, found, children.length, evaluation);
    for (const [attribute, { ifAbsent }] of demanded) {
      if (!bags.has(attribute)) for (const i of ifAbsent) found.push(i);
    }
    // A bag may hold one value many times. Once there are as many as there are children, all of them are the answer, which is never wrong.
    if (found.length >= children.length) return children;
    const candidates = inOrder(found);
    evaluation.recorder?.passedOver(children.length - candidates.length);
    return candidates.flatMap((i) => children[i] ?? []);
  };
}

/** Each once: several values of a request may lead to the same child. */
function inOrder(found: number[]): readonly number[] {
  if (found.length < 2) return found;
  return found.sort((a, b) => a - b).filter((each, i) => each !== found[i - 1]);
}

interface Postings {
  readonly byKey: Map<Key, number[]>;
  /** Those that cannot be evaluated without the attribute. */
  readonly ifAbsent: number[];
}

function post(attributes: Map<string, Postings>, { attribute, key, mustBePresent }: Equality, i: number): void {
  const postings = attributes.get(attribute) ?? { byKey: new Map<Key, number[]>(), ifAbsent: [] };
  attributes.set(attribute, postings);
  const list = postings.byKey.get(key);
  if (list) list.push(i);
  else postings.byKey.set(key, [i]);
  if (mustBePresent) postings.ifAbsent.push(i);
}

function addMatching(postings: Postings | undefined, bag: Bag | undefined, found: number[], most: number, { spend }: Evaluation): void {
  if (!postings || !bag) return;
  // A policy that many refer to looks its children up each time.
  spend(bag.length >> 4);
  for (const value of bag) {
    if (found.length >= most) return;
    if (typeof value === 'object') continue;
    for (const i of postings.byKey.get(value) ?? []) found.push(i);
  }
}

/** How many children ask this attribute for this value. */
type Frequency = (equality: Equality) => number;

function countValues(children: readonly Targeted[]): Frequency {
  const counts = new Map<string, Map<Key, number>>();
  for (const { attribute, key } of children.flatMap(({ target }) => target.equalities.flat(2))) {
    const ofAttribute = counts.get(attribute) ?? new Map<Key, number>();
    counts.set(attribute, ofAttribute.set(key, (ofAttribute.get(key) ?? 0) + 1));
  }
  return ({ attribute, key }) => counts.get(attribute)?.get(key) ?? 0;
}

/** The AnyOf, and of each AllOf in it the match, that the fewest others share; null: no AnyOf can be told to be false. */
function chooseEqualities({ equalities }: CompiledTarget, frequency: Frequency): readonly Equality[] | null {
  let best: { readonly chosen: readonly Equality[]; readonly weight: number } | null = null;
  for (const anyOf of equalities) {
    const chosen = anyOf.map((allOf) => rarest(allOf, frequency));
    const certain = chosen.filter((equality) => equality !== null);
    if (certain.length < chosen.length) continue;
    const weight = certain.reduce((sum, equality) => sum + frequency(equality), 0);
    if (!best || weight < best.weight) best = { chosen: certain, weight };
  }
  return best?.chosen ?? null;
}

function rarest(equalities: readonly Equality[], frequency: Frequency): Equality | null {
  let best: Equality | null = null;
  for (const equality of equalities) if (!best || frequency(equality) < frequency(best)) best = equality;
  return best;
}
