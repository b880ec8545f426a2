/** The answer to a request: what XACML's Result holds, as plain data. */
import type { MissingAttribute } from '../fault.ts';
import type { StatusCode } from '../identifiers.ts';
import type { Evaluation, PolicyIdentity } from './evaluation.ts';
import type { ExtendedDecision, Notice, Outcome } from './outcome.ts';
import type { RefusedRequest, RequestAttribute } from './request.ts';
import type { Trace } from './trace.ts';

export interface Result {
  readonly decision: 'Permit' | 'Deny' | 'NotApplicable' | 'Indeterminate';
  /** The same, with what an Indeterminate one could have been. */
  readonly extended: ExtendedDecision;
  readonly status: Status;
  readonly obligations: readonly Notice[];
  readonly advice: readonly Notice[];
  /** Of the request: what asked to be in the result. */
  readonly attributes: readonly RequestAttribute[];
  /** The policies that came to Permit or Deny, if the request asked for them. */
  readonly policies: readonly PolicyIdentity[];
  /** null: nobody asked for it. */
  readonly trace: Trace | null;
}

export interface Status {
  readonly code: StatusCode;
  readonly message: string | null;
  readonly missing: readonly MissingAttribute[];
}

export function resultOf(outcome: Outcome, evaluation: Evaluation): Result {
  const { decision, fault, notices } = outcome;
  const { request, applied, recorder } = evaluation;
  return {
    decision: decision === 'Permit' || decision === 'Deny' || decision === 'NotApplicable' ? decision : 'Indeterminate',
    extended: decision,
    status: fault ? { code: fault.status, message: fault.message, missing: fault.missing } : { code: 'ok', message: null, missing: [] },
    obligations: notices.filter(({ kind }) => kind === 'obligation'),
    advice: notices.filter(({ kind }) => kind === 'advice'),
    attributes: request.attributes.filter(({ includeInResult }) => includeInResult),
    policies: distinct(applied),
    trace: recorder?.trace(outcome) ?? null,
  };
}

/** What a request that could not be read is answered with. */
export function refusedResult({ status, problems }: RefusedRequest): Result {
  const [first] = problems;
  const message = first ? `${first.line}:${first.column}: ${first.element}: ${first.message}` : null;
  return {
    decision: 'Indeterminate',
    extended: 'Indeterminate{DP}',
    status: { code: status, message, missing: [] },
    obligations: [],
    advice: [],
    attributes: [],
    policies: [],
    trace: null,
  };
}

/** One that several refer to is named once. */
function distinct(policies: readonly PolicyIdentity[]): readonly PolicyIdentity[] {
  return [...new Set(policies)];
}
