import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const { exports, sideEffects } = JSON.parse(readFileSync('package.json', 'utf8'));
const entries = Object.entries<{ readonly default: string }>(exports).filter(
  ([name]) => !name.endsWith('.json'),
);

/** Names that libraries take as they load: zod's two, and the home of libvips that sharp sets. */
const LIBRARIES = /^(__zod_\w+|VIPSHOME)$/;

/** Names what an import changes of what others may rely on, and the data files that it opens. */
const PROGRAM = `
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  import util from 'node:util';
  const state = () => new Map([
    ...Object.getOwnPropertyNames(globalThis).map((name) => [name, 'global']),
    ...Object.entries(process.env),
    ...process.eventNames().map((name) => ['on ' + String(name), process.listenerCount(name)]),
    ...Object.entries(util).map(([name, value]) => ['util.' + name, value]),
  ]);
  const opened = [];
  for (const name of ['readFileSync', 'openSync', 'readdirSync']) {
    const own = fs[name];
    fs[name] = (path, ...rest) => {
      opened.push(String(path));
      return own(path, ...rest);
    };
  }
  syncBuiltinESMExports();
  const before = state();
  await import(process.argv[1]);
  const after = state();
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name));
  const read = opened.filter((path) => /[\\\\/](models|datasets)[\\\\/]/.test(path));
  console.log(JSON.stringify({ changed, read }));`;

test.each(entries)(
  'importing micro-yolo %s changes nothing in its host and reads no data',
  (_, { default: file }) => {
    const program = ['--input-type=module', '--eval', PROGRAM, pathToFileURL(file).href];
    const output = execFileSync(process.execPath, program, { encoding: 'utf8' });
    const { changed, read } = JSON.parse(output) as {
      readonly changed: readonly string[];
      readonly read: unknown;
    };
    expect({ changed: changed.filter((name) => !LIBRARIES.test(name)), read }).toEqual({
      changed: [],
      read: [],
    });
  },
);

test('what acts when it is imported is named for bundlers', () => {
  expect(sideEffects).toContain('./dist/cli/main.js');
});
