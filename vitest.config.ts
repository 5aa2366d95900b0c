import { defineConfig } from 'vitest/config';

const results = process.env['TEST_RESULTS'];

// `fast` is what `npm test` runs; `full` holds the long ones (`*.full.test.ts`): whole-size networks, leaks.
export default defineConfig({
  test: {
    reporters: results ? ['default', ['json', { outputFile: results }]] : ['default'],
    coverage: {
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'html', 'lcov'],
    },
    projects: [
      {
        test: {
          name: 'fast',
          globalSetup: ['test/cli/build.ts'],
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.full.test.ts'],
          testTimeout: 60_000,
        },
      },
      { test: { name: 'full', include: ['test/**/*.full.test.ts'], testTimeout: 600_000 } },
    ],
  },
});
