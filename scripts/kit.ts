/**
 * `npm run kit -- <connector type> <settings.json>` tries everything that Usher will do against a live target, prints a line for each
 * promise, and removes the accounts (deactivates them where they cannot be removed) and groups that it made. Exit code 0: the target keeps them all. settings.json:
 * { "config": { the connector's form }, "kit": { "domain": "example.com", "attributes": { }, "changeable": ["title", "department"] } }
 * What else "kit" may hold is KitSettings in test/contract/bench.ts.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ConnectorError } from '../src/connectors/contract/connector.ts';
import { createHttpClient } from '../src/connectors/network/http-client.ts';
import { openConnector } from '../src/connectors/open-connections.ts';
import { definitionsWithMemory } from '../src/connectors/registry.ts';
import { createBench } from '../test/contract/bench.ts';
import { liveChecks } from '../test/contract/live-kit.ts';

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
    })
    .optional(),
});

const [type, file] = process.argv.slice(2);
const definition = definitionsWithMemory.get(type ?? '');
if (!definition || file === undefined) {
  console.error(`Usage: npm run kit -- <${[...definitionsWithMemory.keys()].join(' | ')}> <settings.json>`);
  process.exit(2);
}
process.exitCode = await main(definition, file);

async function main(chosen: NonNullable<typeof definition>, settingsFile: string): Promise<number> {
  const settings = settingsShape.safeParse(JSON.parse(await readFile(settingsFile, 'utf8')));
  if (!settings.success) {
    console.error(z.prettifyError(settings.error));
    return 2;
  }
  // Whoever runs this has a shell on this machine already: there is nothing to be guarded from them.
  const http = createHttpClient({ allowInternalAddresses: true });
  try {
    const connector = openConnector(
      definitionsWithMemory,
      { connectorType: chosen.type, config: settings.data.config },
      { http, now: Date.now },
    );
    const bench = createBench(chosen, connector, settings.data.kit);
    const checks = liveChecks(chosen);
    const left: string[] = [];
    let broken = 0;
    try {
      for (const check of checks) {
        const outcome = await check.run(bench).then(
          (reason) => (typeof reason === 'string' ? `skip  ${check.name} (${reason})` : `ok    ${check.name}`),
          (error: unknown) => {
            broken += 1;
            return `FAIL  ${check.name}\n      ${(error instanceof Error ? error.message : String(error)).replaceAll('\n', '\n      ')}`;
          },
        );
        console.log(outcome);
        // At once, because an account may take a licence for as long as it is active.
        left.push(...(await bench.cleanUp()));
      }
    } finally {
      left.push(...(await bench.cleanUp()));
      if (left.length > 0) console.log(`Left behind, please remove: ${left.join(', ')}`);
      await connector.close?.();
    }
    console.log(broken === 0 ? 'The target keeps every promise.' : `${broken} of ${checks.length} promises are broken.`);
    return broken === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    console.error(error.message);
    return 2;
  } finally {
    await http.close();
  }
}
