import { defineConfig } from 'vitest/config';

// `fast` is what `npm test` runs; `full` holds the long ones (`*.full.test.ts`): whole-size networks, leaks.
export default defineConfig({
  test: {
    reporters: ['default'],
    testTimeout: 60_000,
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.full.test.ts'],
          testTimeout: 60_000,
        },
      },
      { test: { name: 'full', include: ['test/**/*.full.test.ts'], testTimeout: 600_000 } },
    ],
  },
});
