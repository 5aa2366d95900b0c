import { fileURLToPath, pathToFileURL } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const SOURCES = new URL('src/', import.meta.url).href;
const DIST = new URL('dist/', import.meta.url).href;
const results = process.env['TEST_RESULTS'];

/**
 * Imports the built package, which test/cli/build.ts has just compiled, in place of the sources: Node loads it as it is,
 * without compiling each file in each worker, and its threads and processes start in no other way than a user's.
 */
const builtPackage: Plugin = {
  name: 'built-package',
  enforce: 'pre',
  resolveId(source, importer) {
    if (importer === undefined || !/^\..*\.ts$/.test(source)) return;
    const { href } = new URL(source, pathToFileURL(importer));
    if (!href.startsWith(SOURCES)) return;
    return fileURLToPath(`${DIST}${href.slice(SOURCES.length, -'.ts'.length)}.js`).replaceAll('\\', '/');
  },
};
// Coverage is of the sources.
const plugins = process.argv.includes('--coverage') ? [] : [builtPackage];
const server = { deps: { external: [/\/dist\//] } };

/** Files that take a minute or more, the longest first. */
const LONG = [
  'network/registered.full',
  'cli/train/train-killed.full',
  'tasks/search/search-detectors.full',
  'training/run/overfit.full',
  'executors/tensorflow/step/loss.full',
  'training/step/steady.full',
  'cli/terminal/terminal.full',
  'tasks/evaluate/evaluate-model.full',
  'training/step/step.test',
  'cli/train/train.test',
  'training/run/trainer.test',
];

/** Long files come first, so that none runs alone at the end. All others keep their order. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONG.findIndex((name) => moduleId.includes(`/test/${name}`));
      return place < 0 ? LONG.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

// `fast` is what `npm test` runs; `full` holds the long ones (`*.full.test.ts`): whole-size networks, leaks.
export default defineConfig({
  test: {
    reporters: results ? ['default', ['json', { outputFile: results }]] : ['default'],
    sequence: { sequencer: LongFirst },
    coverage: {
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'html', 'lcov'],
    },
    projects: [
      {
        plugins,
        test: {
          name: 'fast',
          server,
          globalSetup: ['test/cli/build.ts'],
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.full.test.ts'],
          // Modules are loaded once for all files, not once for each: tests restore what they replace.
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        plugins,
        test: {
          name: 'full',
          server,
          globalSetup: ['test/cli/build.ts'],
          include: ['test/**/*.full.test.ts'],
          testTimeout: 600_000,
        },
      },
    ],
  },
});
