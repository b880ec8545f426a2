/** Policies out of many texts: read, told apart, connected by their references and compiled, each once. Start with loadPolicies. */
import { compilePolicy, type CompiledPolicy, type Library } from './compile/policy.ts';
import { limits } from './limits.ts';
import { readPolicy } from './policy/read-policy.ts';
import type { ReferenceNode, RootNode } from './policy/syntax.ts';
import { compareVersions, isAllowed } from './policy/version.ts';
import { problemAt, type Problem } from './xml/element.ts';

/** A text that was read and compiled before. */
export interface PreparedPolicy {
  readonly head: Pick<RootNode, 'kind' | 'id' | 'version' | 'at'>;
  /** Compiled, where it stands by itself; else as it was read, since what it refers to may be another policy now. */
  readonly policy: CompiledPolicy | RootNode;
}
/** By their texts. */
export type Prepared = ReadonlyMap<string, PreparedPolicy>;

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
  /** All of them, for the next time. Only of use where there is no problem. */
  readonly prepared: Prepared;
}

/** `references`: whether one that leads nowhere is a problem, or is to be seen to later. */
export function loadPolicies(
  sources: readonly PolicySource[],
  index: Library['index'],
  references: 'must be there' | 'may be missing',
  prepared: Prepared = new Map(),
): Loaded {
  const problems: PolicyProblem[] = [];
  const kept: Kept[] = [];
  for (const source of sources) {
    const known = prepared.get(source.text);
    if (known) {
      kept.push({ source, ...known, isAlone: true, state: 'untouched' });
      continue;
    }
    const read = readPolicy(source.text);
    // One by one: as arguments of one call, they could be more than the stack holds.
    if (read.kind === 'problems') for (const problem of read.problems) problems.push({ ...problem, source: source.name });
    else kept.push({ source, head: read.policy, policy: read.policy, isAlone: true, state: 'untouched' });
  }
  const byId = Map.groupBy(kept, ({ head }) => keyOf(head.kind, head.id));
  reportTwice(byId, problems);
  const connect = connector(byId, index, references, problems);
  // All of them: what nobody refers to is checked as well.
  const compiled = kept.map((each) => ({ each, policy: connect(each) }));
  return {
    roots: compiled.flatMap(({ each, policy }) => (each.source.use === 'referenced' || !policy ? [] : [policy])),
    problems,
    prepared: new Map(compiled.map(({ each, policy }) => [each.source.text, preparedOf(each, policy)])),
  };
}

function preparedOf({ head: { kind, id, version, at }, policy, isAlone }: Kept, compiled: CompiledPolicy | null): PreparedPolicy {
  return { head: { kind, id, version, at }, policy: isAlone && compiled ? compiled : policy };
}

interface Kept extends PreparedPolicy {
  readonly source: PolicySource;
  /** Nothing that was met in it so far refers to another policy. */
  isAlone: boolean;
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
    if (!('kind' in kept.policy)) return kept.policy;
    kept.state = 'open';
    open += 1;
    const report = (problem: Problem): void => {
      problems.push({ ...problem, source: kept.source.name });
    };
    const follow: Library['resolve'] = (reference) => {
      kept.isAlone = false;
      return resolve(reference, report);
    };
    const compiled = compilePolicy(kept.policy, { report, effort: { spent: 0 }, index, resolve: follow });
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
  const allowed = candidates.filter(({ head }) => isAllowed(head.version, reference));
  return allowed.reduce<Kept | null>(
    (best, each) => (best && compareVersions(best.head.version, each.head.version) >= 0 ? best : each),
    null,
  );
}

function reportTwice(byId: ReadonlyMap<string, readonly Kept[]>, problems: PolicyProblem[]): void {
  for (const group of byId.values()) {
    const seen = new Set<string>();
    for (const { head, source } of group) {
      if (seen.has(head.version)) {
        problems.push({
          ...problemAt(head.at, `The ${head.kind} "${head.id}" is there twice in version ${head.version}.`),
          source: source.name,
        });
      }
      seen.add(head.version);
    }
  }
}

function keyOf(kind: RootNode['kind'], id: string): string {
  return `${kind} ${id}`;
}
