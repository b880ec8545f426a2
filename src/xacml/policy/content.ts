/** What the schema says of an element's attributes and children, in few words, checked as the schema would. */
import { schemaInstanceNamespace, xacmlNamespace, xmlNamespace } from '../identifiers.ts';
import { limits } from '../limits.ts';
import { problemAt, type Problem, type XmlElement } from '../xml/element.ts';

export type Report = (problem: Problem) => void;

/** Keeps the first of them: a text can hold more than anybody reads, or memory should. */
export function collect(problems: Problem[]): Report {
  return (problem) => {
    if (problems.length < limits.problems) problems.push(problem);
  };
}

/** Thrown by nobody: reading goes on after a problem, so that all of them are named at once. */
export type Attributes<R extends string, O extends string> = Readonly<Record<R, string>> & Readonly<Partial<Record<O, string>>>;

/** null: an obligatory one is missing, which was reported. */
export function attributesOf<const R extends string, const O extends string = never>(
  element: XmlElement,
  required: readonly R[],
  optional: readonly O[],
  report: Report,
): Attributes<R, O> | null {
  const known: readonly string[] = [...required, ...optional];
  const found: Record<string, string> = {};
  for (const { name, namespace, value } of element.attributes) {
    // xsi:schemaLocation and xml:id may stand anywhere, and say nothing here.
    if (namespace === schemaInstanceNamespace || namespace === xmlNamespace) continue;
    if (namespace === '' && known.includes(name)) found[name] = value;
    else report(problemAt(element.at, `The attribute ${name} is not known here.`));
  }
  const missing = required.filter((name) => found[name] === undefined);
  for (const name of missing) report(problemAt(element.at, `The attribute ${name} is missing.`));
  return missing.length === 0 ? (found as Attributes<R, O>) : null;
}

/** A step of a sequence: any of these elements, so many times. */
export interface Step {
  readonly names: readonly string[];
  readonly least: 0 | 1;
  readonly most: 1 | 'many';
}
export const optional = (...names: readonly string[]): Step => ({ names, least: 0, most: 1 });
export const exactlyOne = (...names: readonly string[]): Step => ({ names, least: 1, most: 1 });
export const anyNumber = (...names: readonly string[]): Step => ({ names, least: 0, most: 'many' });
export const atLeastOne = (...names: readonly string[]): Step => ({ names, least: 1, most: 'many' });

/** The children by the steps of a sequence: one list for each. */
export function childrenOf(element: XmlElement, steps: readonly Step[], report: Report): readonly (readonly XmlElement[])[] {
  if (/[^ \t\r\n]/.test(element.text)) report(problemAt(element.at, 'There is text where only elements may be.'));
  const groups: XmlElement[][] = steps.map(() => []);
  let at = 0;
  for (const child of element.children) {
    if (child.namespace !== xacmlNamespace) {
      report(problemAt(child.at, `The element ${child.name} is not one of XACML 3.0: its namespace is "${child.namespace}".`));
      continue;
    }
    const step = stepFor(child.name, steps, groups, at);
    if (step === null) {
      const known = steps.some(({ names }) => names.includes(child.name));
      report(
        problemAt(
          child.at,
          `The element ${child.name} ${known ? 'is in the wrong place, or one too many,' : 'is not known'} in ${element.name}.`,
        ),
      );
      continue;
    }
    at = step;
    groups[step]?.push(child);
  }
  for (const [i, { names, least }] of steps.entries()) {
    if (least === 1 && groups[i]?.length === 0)
      report(problemAt(element.at, `It needs ${names.length === 1 ? 'the element' : 'one of the elements'} ${names.join(', ')}.`));
  }
  return groups;
}

function stepFor(name: string, steps: readonly Step[], groups: readonly (readonly XmlElement[])[], from: number): number | null {
  for (let i = from; i < steps.length; i++) {
    const step = steps[i];
    if (step?.names.includes(name) === true && (step.most === 'many' || groups[i]?.length === 0)) return i;
  }
  return null;
}

/** The text of an element that has nothing else. */
export function textOf(element: XmlElement, report: Report): string {
  for (const child of element.children) report(problemAt(child.at, `The element ${child.name} is not known in ${element.name}.`));
  return element.text;
}

export function booleanOf(element: XmlElement, name: string, text: string, report: Report): boolean {
  const word = text.trim();
  if (!['true', 'false', '1', '0'].includes(word))
    report(problemAt(element.at, `The attribute ${name} must be true or false, not "${text}".`));
  return word === 'true' || word === '1';
}
