/** A policy as it was written: what reading its XML gives, before names are looked up and types are checked. Start with PolicyNode. */
import type { Place } from '../xml/element.ts';

export type Effect = 'Permit' | 'Deny';

export type RootNode = PolicyNode | PolicySetNode;

export interface PolicyNode {
  readonly kind: 'policy';
  readonly id: string;
  readonly version: string;
  readonly description: string | null;
  readonly combining: string;
  readonly target: TargetNode;
  readonly rules: readonly RuleNode[];
  readonly variables: readonly VariableNode[];
  readonly notices: readonly NoticeNode[];
  readonly at: Place;
}

export interface PolicySetNode {
  readonly kind: 'policy-set';
  readonly id: string;
  readonly version: string;
  readonly description: string | null;
  readonly combining: string;
  readonly target: TargetNode;
  readonly children: readonly (RootNode | ReferenceNode)[];
  readonly notices: readonly NoticeNode[];
  readonly at: Place;
}

export interface ReferenceNode {
  readonly kind: 'reference';
  readonly to: RootNode['kind'];
  readonly id: string;
  /** Patterns of versions; null: any. */
  readonly version: string | null;
  readonly earliest: string | null;
  readonly latest: string | null;
  readonly at: Place;
}

export interface RuleNode {
  readonly id: string;
  readonly effect: Effect;
  readonly description: string | null;
  /** null: whatever the policy's own is. */
  readonly target: TargetNode | null;
  readonly condition: ExpressionNode | null;
  readonly notices: readonly NoticeNode[];
  readonly at: Place;
}

export interface VariableNode {
  readonly id: string;
  readonly expression: ExpressionNode;
  readonly at: Place;
}

/** All of the outer, any of the middle, all of the inner have to match. */
export interface TargetNode {
  readonly anyOf: readonly AnyOfNode[];
}
export interface AnyOfNode {
  readonly allOf: readonly AllOfNode[];
}
export interface AllOfNode {
  readonly matches: readonly MatchNode[];
}
export interface MatchNode {
  readonly functionId: string;
  readonly value: ValueNode;
  readonly designator: DesignatorNode;
  readonly at: Place;
}

export type ExpressionNode = ApplyNode | ValueNode | DesignatorNode | VariableReferenceNode | FunctionNode;

export interface ApplyNode {
  readonly kind: 'apply';
  readonly functionId: string;
  readonly operands: readonly ExpressionNode[];
  readonly at: Place;
}
export interface ValueNode {
  readonly kind: 'value';
  readonly dataType: string;
  readonly text: string;
  readonly at: Place;
}
export interface DesignatorNode {
  readonly kind: 'designator';
  readonly category: string;
  readonly id: string;
  readonly dataType: string;
  /** null: of any issuer. */
  readonly issuer: string | null;
  readonly mustBePresent: boolean;
  readonly at: Place;
}
export interface VariableReferenceNode {
  readonly kind: 'variable';
  readonly id: string;
  readonly at: Place;
}
export interface FunctionNode {
  readonly kind: 'function';
  readonly id: string;
  readonly at: Place;
}

/** What accompanies a decision: an obligation, which must be kept, or advice, which may be. */
export interface NoticeNode {
  readonly kind: 'obligation' | 'advice';
  readonly id: string;
  /** The decision that it accompanies. */
  readonly on: Effect;
  readonly assignments: readonly AssignmentNode[];
  readonly at: Place;
}
export interface AssignmentNode {
  readonly attributeId: string;
  readonly category: string | null;
  readonly issuer: string | null;
  readonly expression: ExpressionNode;
  readonly at: Place;
}
