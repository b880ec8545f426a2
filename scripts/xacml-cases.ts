/**
 * Runs a folder of conformance cases, each a folder of its own: Policy.xml or Policies/*.xml, Request.xml, Response.xml. A file that ends with
 * .ignore says that the policy is wrong on purpose, and must be refused. What counts is the decision, the status code where it is not ok, and
 * obligations and advice with the values of their attributes.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPdp, readRequest, responseXml, type PolicySource } from '../src/xacml/pdp.ts';
import { dataTypeOf } from '../src/xacml/values/data-types.ts';
import type { XmlElement } from '../src/xacml/xml/element.ts';
import { parseXml } from '../src/xacml/xml/parse-xml.ts';
import { withRoots } from './xacml-roots.ts';

export interface CaseOutcome {
  readonly name: string;
  /** Why it failed; null: it passed. */
  readonly failure: string | null;
}

/** Of every folder that holds a case, however deep, in the order of their names. */
export async function runCases(folder: string, within = ''): Promise<readonly CaseOutcome[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const outcomes: CaseOutcome[] = [];
  for (const name of names.sort()) {
    const failure = await runCase(join(folder, name));
    if (failure !== undefined) outcomes.push({ name: `${within}${name}`, failure });
    else outcomes.push(...(await runCases(join(folder, name), `${within}${name}/`)));
  }
  return outcomes;
}

/** undefined: there is no case in this folder. */
async function runCase(folder: string): Promise<string | null | undefined> {
  const policies = await policiesIn(folder);
  if (policies.length === 0) return undefined;
  const created = createPdp({ policies });
  const files = await readdir(folder);
  const missing = (name: string): string | null => (files.includes(name) ? null : `There is no ${name}.`);
  if (!files.includes('Response.xml') && files.some((file) => file.endsWith('.ignore')))
    return created.kind === 'problems' ? null : 'The policy is wrong on purpose and was not refused.';
  if (created.kind === 'problems')
    return created.problems
      .map(({ source, line, column, element, message }) => `${source}:${line}:${column}: ${element}: ${message}`)
      .join(' ');
  const lacking = missing('Request.xml') ?? missing('Response.xml');
  if (lacking !== null) return lacking;
  const request = readRequest(await readFile(join(folder, 'Request.xml'), 'utf8'));
  const result = created.pdp.evaluate(request, { now: new Date(), zoneMinutes: 0 });
  const found = essentials(responseXml(result));
  const expected = essentials(await readFile(join(folder, 'Response.xml'), 'utf8'));
  if (found === expected) return null;
  return `Expected ${expected}, found ${found}${result.status.message === null ? '' : ` (${result.status.message})`}`;
}

/** Policy.xml is the root where there is one; in Policies it is whatever no other policy there refers to. */
async function policiesIn(folder: string): Promise<readonly PolicySource[]> {
  const inside = existsSync(join(folder, 'Policies'))
    ? (await readdir(join(folder, 'Policies'))).filter((file) => file.endsWith('.xml')).map((file) => `Policies/${file}`)
    : [];
  const read = async (name: string): Promise<PolicySource> => ({ name, text: await readFile(join(folder, name), 'utf8') });
  const others = await Promise.all(inside.map(read));
  if (!existsSync(join(folder, 'Policy.xml'))) return withRoots(others);
  return [await read('Policy.xml'), ...others.map((other): PolicySource => ({ ...other, use: 'referenced' }))];
}

/** What counts of a Response, as a text that equal ones share. */
function essentials(response: string): string {
  const parsed = parseXml(response);
  if (parsed.kind === 'problem') return `no response: ${parsed.problem.message}`;
  const [result] = parsed.root.children;
  const code = find(result, ['Status', 'StatusCode'])?.attributes.find(({ name }) => name === 'Value')?.value ?? 'ok';
  const decision = find(result, ['Decision'])?.text.trim() ?? '?';
  const status = code.endsWith('ok') ? 'ok' : code.slice(code.lastIndexOf(':') + 1);
  const notices = ['Obligations', 'AssociatedAdvice'].flatMap((list) => find(result, [list])?.children ?? []);
  return [decision, status, ...notices.map(noticeText)].join(' ');
}

function noticeText({ name, attributes, children }: XmlElement): string {
  const assignments = children.map((child) => {
    const of = (attribute: string) => child.attributes.find((each) => each.name === attribute)?.value ?? '';
    return `${of('AttributeId')}|${of('Category')}|${of('Issuer')}=${valueText(of('DataType'), child.text)}`;
  });
  return `${name} ${attributes.map(({ value }) => value).join(' ')} [${assignments.join(', ')}]`;
}

/** Values that are the same are written the same. */
function valueText(dataType: string, text: string): string {
  const type = dataTypeOf(dataType);
  const value = type?.parse(text) ?? null;
  return `${dataType}:${type && value !== null ? type.canonical(value) : text}`;
}

function find(element: XmlElement | undefined, path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((at, name) => at?.children.find((child) => child.name === name), element);
}
