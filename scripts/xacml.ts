/**
 * `npm run xacml -- evaluate --policy FILE… --request FILE [--trace]` prints the Response; the root is the one policy that no other refers to.
 * `npm run xacml -- cases DIR` runs a folder of conformance cases. `npm run xacml -- validate FILE…` names what is wrong with policies.
 * Exit code 0: good; 1: the policies are wrong, or cases failed; 2: it was called in a way that makes no sense.
 */
import { readFile } from 'node:fs/promises';
import { createPdp, readRequest, responseXml, validatePolicies, type PolicyProblem, type PolicySource } from '../src/xacml/pdp.ts';
import { runCases } from './xacml-cases.ts';
import { withRoots } from './xacml-roots.ts';

const usage = 'Usage: npm run xacml -- evaluate --policy FILE… --request FILE [--trace] | cases DIR | validate FILE…';

/** Told in one line, without a stack: whoever typed the command can mend it. */
class Misused extends Error {}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Misused)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function main([command, ...rest]: readonly string[]): Promise<number> {
  if (command === 'evaluate') return evaluate(rest);
  if (command === 'cases') return cases(rest);
  if (command === 'validate') return validate(rest);
  throw new Misused(usage);
}

async function evaluate(args: readonly string[]): Promise<number> {
  const { policies: files, request: requestFile, trace } = readArguments(args);
  const policies = await readPolicies(files);
  const created = createPdp({ policies: withRoots(policies) });
  if (created.kind === 'problems') return printProblems(created.problems);
  const request = readRequest(await readText(requestFile));
  const result = created.pdp.evaluate(request, { now: new Date(), zoneMinutes: -new Date().getTimezoneOffset(), trace });
  console.log(responseXml(result).trimEnd());
  if (trace) console.log(JSON.stringify(result.trace, null, 2));
  return 0;
}

async function cases(args: readonly string[]): Promise<number> {
  const [folder, ...more] = args;
  if (folder === undefined || more.length > 0) throw new Misused(usage);
  const outcomes = await runCases(folder).catch((error: unknown) => {
    throw new Misused(`Cannot read the folder ${folder}: ${reasonOf(error)}`);
  });
  if (outcomes.length === 0) throw new Misused(`There are no cases in ${folder}.`);
  const failed = outcomes.filter(({ failure }) => failure !== null);
  for (const { name, failure } of failed) console.log(`${name}: ${failure ?? ''}`);
  console.log(`${outcomes.length - failed.length} passed, ${failed.length} failed`);
  return failed.length === 0 ? 0 : 1;
}

async function validate(args: readonly string[]): Promise<number> {
  if (args.length === 0 || args.some((arg) => arg.startsWith('--'))) throw new Misused(usage);
  return printProblems(validatePolicies(await readPolicies(args)));
}

function printProblems(problems: readonly PolicyProblem[]): number {
  for (const { source, line, column, element, message } of problems) {
    console.log(source === '' ? message : `${source}:${line}:${column}: ${element}: ${message}`);
  }
  return problems.length === 0 ? 0 : 1;
}

interface EvaluateArguments {
  readonly policies: readonly string[];
  readonly request: string;
  readonly trace: boolean;
}

function readArguments(args: readonly string[]): EvaluateArguments {
  const policies: string[] = [];
  let request: string | null = null;
  let trace = false;
  let taking: 'policy' | 'request' | null = null;
  for (const arg of args) {
    if (arg === '--trace') trace = true;
    else if (arg === '--policy') taking = 'policy';
    else if (arg === '--request') taking = 'request';
    else if (taking === 'policy') policies.push(arg);
    else if (taking === 'request' && request === null) request = arg;
    else throw new Misused(`I do not know what to do with "${arg}". ${usage}`);
  }
  if (policies.length === 0 || request === null) throw new Misused(usage);
  return { policies, request, trace };
}

async function readPolicies(files: readonly string[]): Promise<readonly PolicySource[]> {
  return Promise.all(files.map(async (name) => ({ name, text: await readText(name) })));
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new Misused(`Cannot read ${file}: ${reasonOf(error)}`);
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
