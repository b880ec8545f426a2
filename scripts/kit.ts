/**
 * `npm run kit -- <connector type> <settings.json>` tries everything that Usher will do against a live target, prints a line for each
 * promise, and removes the accounts (deactivates them where they cannot be removed) and groups that it made. Exit code 0: the target keeps them all; 1: it does not, or something is left;
 * 2: nothing could be tried; 130 or 143: it was stopped by Ctrl-C or SIGTERM, and cleaned up before it left. settings.json:
 * { "config": { the connector's form }, "kit": { "domain": "example.com", "attributes": { }, "changeable": ["title", "department"] } }
 * What else "kit" may hold is KitSettings in test/contract/bench.ts.
 */
import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { z } from 'zod';
import { readForm } from '../src/commands/connector-form.ts';
import type { ConnectorDefinition } from '../src/connectors/contract/connector.ts';
import type { HttpClient } from '../src/connectors/contract/http.ts';
import { createHttpClient } from '../src/connectors/network/http-client.ts';
import { openConnector } from '../src/connectors/open-connections.ts';
import { definitionsWithMemory } from '../src/connectors/registry.ts';
import { createBench, wordsOf, type Bench } from '../test/contract/bench.ts';
import { checksOf, type KitCheck } from '../test/contract/live-kit.ts';

const settingsShape = z.strictObject({
  config: z.record(z.string(), z.unknown()),
  kit: z
    .strictObject({
      domain: z.string().optional(),
      attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()])).optional(),
      changeable: z.tuple([z.string(), z.string()]).optional(),
      list: z
        .strictObject({ attribute: z.string(), values: z.tuple([z.string(), z.string(), z.string()]), ordered: z.boolean().optional() })
        .optional(),
      unknownAccountId: z.string().optional(),
      members: z.int().min(2).optional(),
      patienceMs: z.int().min(0).max(600_000).optional(),
      pauseMs: z.int().min(0).max(60_000).optional(),
    })
    .optional(),
});

type Settings = z.infer<typeof settingsShape>;

const [type, file] = process.argv.slice(2);
process.exitCode = await main(type, file);

/** 0: every promise is kept. 1: one is broken. 2: there was nothing to try. Above 128: it was stopped. */
async function main(connectorType: string | undefined, settingsFile: string | undefined): Promise<number> {
  const kinds = [...definitionsWithMemory.keys()];
  const definition = definitionsWithMemory.get(connectorType ?? '');
  if (connectorType === undefined || settingsFile === undefined)
    return refuse(`Usage: npm run kit -- <${kinds.join(' | ')}> <settings.json>`);
  if (!definition) return refuse(`There is no connector of the type "${connectorType}". There are ${kinds.join(', ')}.`);
  const settings = await readSettings(settingsFile);
  if (typeof settings === 'string') return refuse(settings);
  const form = readForm(definition, settings.config, null);
  if (form.kind === 'invalid') return refuse(form.problems.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  // Whoever runs this has a shell on this machine already: there is nothing to be guarded from them.
  const http = createHttpClient({ allowInternalAddresses: true });
  try {
    return await tryTarget(definition, settings, http);
  } finally {
    await http.close();
  }
}

function refuse(why: string): 2 {
  console.error(why);
  return 2;
}

/** A text says why they cannot be used, without repeating any of them: there are secrets among them. */
async function readSettings(path: string): Promise<Settings | string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read (${code}).`;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const place = /line \d+ column \d+/.exec(String(error))?.[0];
    return `${path} is not JSON${place === undefined ? '' : `: see ${place}`}.`;
  }
  const settings = settingsShape.safeParse(json);
  return settings.success ? settings.data : `${path} is not as it should be:\n${z.prettifyError(settings.error)}`;
}

async function tryTarget(definition: ConnectorDefinition, { config, kit }: Settings, http: HttpClient): Promise<number> {
  const connector = openConnector(definitionsWithMemory, { connectorType: definition.type, config }, { http, now: Date.now });
  const bench = createBench(definition, connector, config, kit);
  const interruption = stopOnSignals(bench);
  const left: string[] = [];
  try {
    const broken = await tryPromises(bench, left, interruption);
    left.push(...(await bench.cleanUp()));
    return interruption.code ?? (broken + left.length === 0 ? 0 : 1);
  } finally {
    // After a defect of the kit.
    left.push(...(await bench.cleanUp()));
    if (left.length > 0) console.log(`Left behind, please remove: ${left.join(', ')}`);
    else if (interruption.code !== null) console.log('Nothing is left behind.');
    await connector.close?.();
  }
}

interface Interruption {
  /** What to leave with; null: nobody interrupted. */
  code: number | null;
}

/**
 * Nothing more is begun after a signal, and what is under way is waited for: only then is it known what there is to remove. Later signals
 * change nothing, for a terminal and npm each send one.
 */
function stopOnSignals(bench: Bench): Interruption {
  const interruption: Interruption = { code: null };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (interruption.code !== null) return;
      interruption.code = 128 + constants.signals[signal];
      console.log('Stopping: what was made is removed first.');
      bench.stop();
    });
  return interruption;
}

/** How many are broken. */
async function tryPromises(bench: Bench, left: string[], interruption: Interruption): Promise<number> {
  const checks = checksOf(bench);
  let broken = 0;
  for (const check of checks) {
    const line = await tryPromise(check, bench);
    // What a check makes of being stopped says nothing about the target.
    if (interruption.code !== null) return broken;
    console.log(line.text);
    // At once, because an account may take a licence for as long as it is active.
    left.push(...(await bench.cleanUp()));
    if (line.kept) continue;
    broken += 1;
    if (check.decisive) {
      console.log('Nothing else was tried.');
      return broken;
    }
  }
  if (interruption.code === null)
    console.log(broken === 0 ? 'The target keeps every promise.' : `${broken} of ${checks.length} promises are broken.`);
  return broken;
}

/** What came of it; kept is also what does not apply. */
async function tryPromise(check: KitCheck, bench: Bench): Promise<{ readonly kept: boolean; readonly text: string }> {
  try {
    const reason = await check.run(bench);
    return { kept: true, text: typeof reason === 'string' ? `skip  ${check.name} (${reason})` : `ok    ${check.name}` };
  } catch (error) {
    return { kept: false, text: `FAIL  ${check.name}\n      ${wordsOf(error).replaceAll('\n', '\n      ')}` };
  }
}
