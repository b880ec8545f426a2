/** Policies out of many texts: read, told apart, connected by their references and compiled, each once. Start with loadPolicies. */
import { compilePolicy, type CompiledPolicy, type Library } from './compile/policy.ts';
import { limits } from './limits.ts';
import { readPolicy } from './policy/read-policy.ts';
import type { ReferenceNode, RootNode } from './policy/syntax.ts';
import { compareVersions, isAllowed } from './policy/version.ts';
import { problemAt, type Problem } from './xml/element.ts';

export interface PolicySource {
  /** What problems call it: a file, or where it is kept. */
  readonly name: string;
  /** A Policy or PolicySet of XACML 3.0. */
  readonly text: string;
  /** `referenced`: it is only evaluated where another policy refers to it. */
  readonly use?: 'root' | 'referenced';
}

export interface PolicyProblem extends Problem {
  /** Name of the source that it is in. */
  readonly source: string;
}

export interface Loaded {
  /** Those of use `root`, in the order of their sources. */
  readonly roots: readonly CompiledPolicy[];
  readonly problems: readonly PolicyProblem[];
}

/** `references`: whether one that leads nowhere is a problem, or is to be seen to later. */
export function loadPolicies(
  sources: readonly PolicySource[],
  index: Library['index'],
  references: 'must be there' | 'may be missing',
): Loaded {
  const problems: PolicyProblem[] = [];
  const kept: Kept[] = [];
  for (const source of sources) {
    const read = readPolicy(source.text);
    // One by one: as arguments of one call, they could be more than the stack holds.
    if (read.kind === 'problems') for (const problem of read.problems) problems.push({ ...problem, source: source.name });
    else kept.push({ source, node: read.policy, state: 'untouched' });
  }
  const byId = Map.groupBy(kept, ({ node }) => keyOf(node.kind, node.id));
  reportTwice(byId, problems);
  const connect = connector(byId, index, references, problems);
  // All of them: what nobody refers to is checked as well.
  const compiled = kept.map((each) => ({ each, policy: connect(each) }));
  return { roots: compiled.flatMap(({ each, policy }) => (each.source.use === 'referenced' || !policy ? [] : [policy])), problems };
}

interface Kept {
  readonly source: PolicySource;
  readonly node: RootNode;
  /** `open` while it is compiled: whoever refers to it then goes in a circle. */
  state: 'untouched' | 'open' | CompiledPolicy;
}

function connector(
  byId: ReadonlyMap<string, readonly Kept[]>,
  index: Library['index'],
  references: 'must be there' | 'may be missing',
  problems: PolicyProblem[],
): (kept: Kept) => CompiledPolicy | null {
  let open = 0;
  const compile = (kept: Kept): CompiledPolicy | null => {
    if (kept.state === 'open') return null;
    if (kept.state !== 'untouched') return kept.state;
    kept.state = 'open';
    open += 1;
    const report = (problem: Problem): void => {
      problems.push({ ...problem, source: kept.source.name });
    };
    const compiled = compilePolicy(kept.node, { report, effort: { spent: 0 }, index, resolve });
    kept.state = compiled;
    open -= 1;
    return compiled;
  };
  const resolve = (reference: ReferenceNode, report: Library['report']): CompiledPolicy | null => {
    const fail = (message: string): null => {
      report(problemAt(reference.at, message));
      return null;
    };
    const found = latest(byId.get(keyOf(reference.to, reference.id)) ?? [], reference);
    if (!found)
      return references === 'may be missing' ? null : fail(`There is no ${reference.to} "${reference.id}" of such a version to refer to.`);
    if (found.state === 'open') return fail(`The ${reference.to} "${reference.id}" refers to itself, directly or through others.`);
    if (open >= limits.policyDepth) return fail(`Policies are nested more than ${limits.policyDepth} deep, references followed.`);
    return compile(found);
  };
  return compile;
}

function latest(candidates: readonly Kept[], reference: ReferenceNode): Kept | null {
  const allowed = candidates.filter(({ node }) => isAllowed(node.version, reference));
  return allowed.reduce<Kept | null>(
    (best, each) => (best && compareVersions(best.node.version, each.node.version) >= 0 ? best : each),
    null,
  );
}

function reportTwice(byId: ReadonlyMap<string, readonly Kept[]>, problems: PolicyProblem[]): void {
  for (const group of byId.values()) {
    const seen = new Set<string>();
    for (const { node, source } of group) {
      if (seen.has(node.version)) {
        problems.push({
          ...problemAt(node.at, `The ${node.kind} "${node.id}" is there twice in version ${node.version}.`),
          source: source.name,
        });
      }
      seen.add(node.version);
    }
  }
}

function keyOf(kind: RootNode['kind'], id: string): string {
  return `${kind} ${id}`;
}
