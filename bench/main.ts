/** `npm run bench [-- login|engine|wake|quota|rules|start ...]`: ratios within one run, on the embedded database or, with DATABASE_URL, on PostgreSQL. */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { benchEngine } from './engine.ts';
import { benchGoogleQuota } from './google-quota.ts';
import { benchLogin } from './login.ts';
import { benchRules } from './rules.ts';
import { benchStart } from './start.ts';
import { benchWake } from './wake.ts';

const suites: Record<string, () => Promise<readonly string[]>> = {
  login: benchLogin,
  engine: benchEngine,
  wake: benchWake,
  quota: benchGoogleQuota,
  rules: benchRules,
  start: benchStart,
};
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in suites));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${Object.keys(suites).join(', ')}.`);
  process.exit(2);
}
execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
console.log(
  `${process.env['DATABASE_URL'] === undefined ? 'Embedded database' : 'PostgreSQL'}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? '?'}\n`,
);
for (const [name, run] of Object.entries(suites)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`## ${name}\n\n${(await run()).join('\n')}\n`);
}
process.exit(0);
