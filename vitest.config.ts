import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defineConfig } from 'vitest/config';

/** Folders and files that take longest: begun first, or the workers wait for one of them at the end. */
const longest = ['test/chaos/', 'test/house/start', 'test/dispatch/', 'test/contract/', 'test/convergence/', 'test/flows/'];

/** A fresh checkout knows no durations, and vitest would then begin with the largest files. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = (file: TestSpecification): number => {
      const path = relative(this.ctx.config.root, file.moduleId);
      const found = longest.findIndex((begin) => path.startsWith(begin));
      return found < 0 ? longest.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  // graphql 16 comes as CommonJS and as ES modules. Node takes the first for packages, Vite the second for our files: two instances, which graphql refuses.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // One more than the two cores that we count on: tests wait for timers and other processes a quarter of the time.
    maxWorkers: 3,
    // Every file has its own database and servers; loading 2,000 modules again for each of a hundred files was half of the time.
    isolate: false,
    sequence: { sequencer: LongestFirst },
  },
});
