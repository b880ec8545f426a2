/**
 * A policy decision point of XACML 3.0: policies in, decisions out. It knows nothing of Usher, keeps nothing between two requests, and asks
 * nobody. What it takes and gives is all here. Start with createPdp.
 */
import { combiningAlgorithm } from './combining/algorithms.ts';
import { indexed, unindexed } from './compile/policy.ts';
import { Evaluation, OutOfSteps } from './evaluate/evaluation.ts';
import { indeterminate, type Outcome } from './evaluate/outcome.ts';
import { Recorder } from './evaluate/recorder.ts';
import type { BuiltRequest, Request } from './evaluate/request.ts';
import { refusedResult, resultOf, type Result } from './evaluate/result.ts';
import { processingError } from './fault.ts';
import { limits } from './limits.ts';
import { loadPolicies, type Loaded, type PolicyProblem, type PolicySource, type Prepared } from './repository.ts';

export { categories, clockAttributes } from './identifiers.ts';
export type { Assignment, ExtendedDecision, Notice } from './evaluate/outcome.ts';
export { readRequest } from './evaluate/read-request.ts';
export { requestOf, type BuiltRequest, type PlainAttribute, type RefusedRequest, type Request } from './evaluate/request.ts';
export { responseXml } from './evaluate/response-xml.ts';
export type { Result, Status } from './evaluate/result.ts';
export type { AttributeTrace, ConditionTrace, FaultTrace, PolicyTrace, RuleTrace, Trace } from './evaluate/trace.ts';
export type { MissingAttribute } from './fault.ts';
export type { PolicyProblem, PolicySource, Prepared } from './repository.ts';
export { summarizePolicy, type PolicySummary, type RuleSummary, type MatchSummary, type TargetSummary } from './summary.ts';

export interface PdpSettings {
  /** In order. Those of use `root` are combined; the others are there to be referred to. */
  readonly policies: readonly PolicySource[];
  /** Identifier of the algorithm that combines the roots. Without: there is one root, and its decision is the decision. */
  readonly combining?: string;
  /** false: every policy is evaluated for every request. For comparing; the decisions are the same. */
  readonly index?: boolean;
  /** What an earlier PDP with the same `index` prepared: texts that are among them are not read again. */
  readonly prepared?: Prepared;
}

export interface EvaluateOptions {
  /** What current-time, current-date and current-dateTime are if the request lacks them. */
  readonly now: Date;
  /** Minutes east of UTC: the zone of that clock, and of moments without a zone. */
  readonly zoneMinutes: number;
  /** Steps that the evaluation may take; then it is Indeterminate. Without: `limits.steps`. */
  readonly steps?: number;
  /** Whether the result explains itself. */
  readonly trace?: boolean;
}

export interface Pdp {
  /** Never throws. A request that was refused is Indeterminate. */
  readonly evaluate: (request: Request | BuiltRequest, options: EvaluateOptions) => Result;
}

export type CreatedPdp =
  | { readonly kind: 'pdp'; readonly pdp: Pdp; readonly prepared: Prepared }
  | { readonly kind: 'problems'; readonly problems: readonly PolicyProblem[] };

/** Reads, checks and compiles the policies. One problem in one of them, and there is no PDP. */
export function createPdp({ policies, combining, index, prepared }: PdpSettings): CreatedPdp {
  const loaded = loadPolicies(policies, index === false ? unindexed : indexed, 'must be there', prepared);
  if (loaded.problems.length > 0) return { kind: 'problems', problems: loaded.problems };
  const root = rootOf(loaded, combining, index === false ? unindexed : indexed);
  if (typeof root === 'string')
    return { kind: 'problems', problems: [{ source: '', element: 'document', line: 1, column: 1, message: root }] };
  return {
    kind: 'pdp',
    prepared: loaded.prepared,
    pdp: {
      evaluate: (request, options) => {
        if (!('kind' in request)) return decide(root, request, options);
        return request.kind === 'request' ? decide(root, request.request, options) : refusedResult(request);
      },
    },
  };
}

/** What is wrong with these policies by themselves: references that lead out of them are not followed. */
export function validatePolicies(policies: readonly PolicySource[]): readonly PolicyProblem[] {
  return loadPolicies(policies, unindexed, 'may be missing').problems;
}

type Root = (evaluation: Evaluation) => Outcome;

function rootOf({ roots }: Loaded, combining: string | undefined, index: typeof indexed): Root | string {
  const [only] = roots;
  if (combining === undefined) {
    if (!only) return 'There is no policy to start with.';
    return roots.length === 1 ? only.evaluate : 'There are several policies to start with, and no algorithm that combines them.';
  }
  const combine = combiningAlgorithm(combining, 'policy');
  if (!combine) return `There is no combining algorithm of policies "${combining}".`;
  const candidates = index(roots);
  return (evaluation) => {
    evaluation.recorder?.begin({ kind: 'root', id: '', version: '', combining });
    const outcome = combine(candidates(evaluation), evaluation);
    evaluation.recorder?.end(true, outcome);
    return outcome;
  };
}

function decide(root: Root, request: Request, { now, zoneMinutes, steps, trace }: EvaluateOptions): Result {
  const evaluation = new Evaluation(request, { now, zoneMinutes }, steps ?? limits.steps, trace === true ? new Recorder() : null);
  return resultOf(decideWithin(root, evaluation), evaluation);
}

function decideWithin(root: Root, evaluation: Evaluation): Outcome {
  try {
    return root(evaluation);
  } catch (error) {
    // Not a value of the policies' own: combined with others, an error that nobody sees could become a Permit.
    if (error instanceof OutOfSteps) return indeterminate('DP', processingError('The evaluation took too many steps.'));
    throw error;
  }
}
