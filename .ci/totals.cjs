/** Sums vitest's JSON reports of a folder and prints "N passed, N failed", which is read from outside. No report at all is a failure. */
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const folder = process.argv[2];
let passed = 0;
let failed = 0;
const reports = readdirSync(folder).filter((name) => name.endsWith('.json'));
for (const name of reports) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  // A file that could not even be loaded has no test that failed.
  for (const file of report.testResults)
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) failed += 1;
  // An error outside of any test fails the run although every test passed.
  if (!report.success && failed === 0) failed += 1;
}
if (reports.length === 0) failed += 1;
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
