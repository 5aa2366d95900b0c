import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

const SOURCES = fileURLToPath(new URL('src/', import.meta.url));
const DIST = fileURLToPath(new URL('dist/', import.meta.url));
const results = process.env['TEST_RESULTS'];

/**
 * Starts worker threads and processes from the built package, which test/cli/build.ts has just compiled: from the sources, each
 * would first compile all that it imports, which takes it a second.
 */
const builtWorkers: Plugin = {
  name: 'built-workers',
  enforce: 'pre',
  transform(code, id) {
    const path = id.split('?')[0]!;
    if (!path.startsWith(SOURCES)) return;
    const built = `${DIST}${path.slice(SOURCES.length, -'.ts'.length)}.js`;
    return code.replace(/(\bstart(?:Worker|Process)\([^,]+, )import\.meta\.url/g, `$1'file://${built}'`);
  },
};

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
        plugins: [builtWorkers],
        test: {
          name: 'fast',
          globalSetup: ['test/cli/build.ts'],
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.full.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        plugins: [builtWorkers],
        test: {
          name: 'full',
          globalSetup: ['test/cli/build.ts'],
          include: ['test/**/*.full.test.ts'],
          testTimeout: 600_000,
        },
      },
    ],
  },
});
