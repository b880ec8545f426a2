/** The OASIS conformance cases, where their folder stands beside the project or USHER_CONFORMANCE_DIR says where it is. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runCases } from '../../scripts/xacml-cases.ts';

const beside = fileURLToPath(new URL('../../../shared/conformance', import.meta.url));
const folder = join(process.env['USHER_CONFORMANCE_DIR'] ?? beside, 'xacml', 'mandatory');
const isThere = existsSync(folder);
if (!isThere) console.log(`The conformance cases of XACML are skipped: there is no ${folder}.`);

test.skipIf(!isThere)('every mandatory conformance case passes', async () => {
  const outcomes = await runCases(folder);
  expect(outcomes.length).toBeGreaterThan(0);
  expect(outcomes.filter(({ failure }) => failure !== null)).toEqual([]);
});
