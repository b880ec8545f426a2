/** Writes the trace while an evaluation runs. Policies open and close around what is evaluated inside of them. */
import { Fault } from '../fault.ts';
import type { Designated } from './designated.ts';
import type { Outcome } from './outcome.ts';
import type { AttributeTrace, FaultTrace, MatchTrace, PolicyTrace, RuleTrace, Trace } from './trace.ts';
import type { Bag } from '../values/value.ts';

/** A target matches, does not, or cannot be evaluated. */
export type Matched = boolean | Fault;

interface OpenPolicy {
  readonly head: Pick<PolicyTrace, 'kind' | 'id' | 'version' | 'combining'>;
  readonly rules: RuleTrace[];
  readonly policies: PolicyTrace[];
  /** Whether there was room for it when it began. What is in it comes and goes while it is open, and must not push it out. */
  readonly kept: boolean;
  notConcerned: number;
}

/** Values and entries of one trace are bounded: it is kept with a decision, and a policy could ask for much. */
const mostValues = 100;
const mostCharacters = 1_000;
const mostEntries = 2_000;

export class Recorder {
  private readonly open: OpenPolicy[] = [];
  private readonly attributes = new Map<string, AttributeTrace>();
  private entries = 0;
  private root: PolicyTrace | null = null;

  begin(head: OpenPolicy['head']): void {
    this.open.push({ head, rules: [], policies: [], kept: ++this.entries <= mostEntries, notConcerned: 0 });
  }

  passedOver(count: number): void {
    const policy = this.open.at(-1);
    if (policy) policy.notConcerned += count;
  }

  rule(rule: RuleTrace): void {
    if (++this.entries <= mostEntries) this.open.at(-1)?.rules.push(rule);
  }

  end(target: Matched, outcome: Outcome): void {
    const done = this.open.pop();
    if (!done) return;
    const { head, rules, policies, kept, notConcerned } = done;
    const policy = {
      ...head,
      target: matchTrace(target),
      decision: outcome.decision,
      fault: faultTrace(outcome.fault),
      rules,
      policies,
      notConcerned,
    };
    const parent = this.open.at(-1);
    if (!parent) this.root = policy;
    else if (kept) parent.policies.push(policy);
  }

  asked({ key, type, category, id, issuer }: Designated, bag: Bag): void {
    if (this.attributes.has(key) || this.attributes.size >= mostEntries) return;
    const values = bag.slice(0, mostValues).map((value) => type.write(value).slice(0, mostCharacters));
    this.attributes.set(key, { category, id, dataType: type.id, issuer, values });
  }

  /** What was left open when the evaluation ended early is closed with how it ended. */
  trace(outcome: Outcome): Trace | null {
    while (this.open.length > 0) this.end(true, outcome);
    return this.root ? { root: this.root, attributes: [...this.attributes.values()] } : null;
  }
}

export function matchTrace(matched: Matched): MatchTrace {
  if (matched instanceof Fault) return 'indeterminate';
  return matched ? 'match' : 'no match';
}

export function faultTrace(fault: Fault | null): FaultTrace | null {
  return fault ? { status: fault.status, message: fault.message } : null;
}
