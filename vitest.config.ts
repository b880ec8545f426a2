import { defineConfig } from 'vitest/config';

export default defineConfig({
  // graphql 16 comes as CommonJS and as ES modules. Node takes the first for packages, Vite the second for our files: two instances, which graphql refuses.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
