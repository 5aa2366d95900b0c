import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const dist = new URL('../../dist/', import.meta.url);

const { exports, sideEffects } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as {
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
  readonly sideEffects: readonly string[];
};
const entries = Object.entries(exports).flatMap(([name, file]) =>
  typeof file === 'string' ? [] : [[name, new URL(`../../${file.default}`, import.meta.url)] as const],
);

/**
 * Runs in its own process: records every file that our code opens during the import, and compares the globals of the host
 * before and after. Modules that the import itself loads are not counted.
 */
const PROBE = `
import fs from 'node:fs';
import util from 'node:util';
import { syncBuiltinESMExports } from 'node:module';

const [dist, entry] = process.argv.slice(1);
const opened = [];
const watch = (owner, name) => {
  const original = owner[name];
  owner[name] = (...values) => {
    if (new Error().stack.includes(dist)) opened.push(name + ' ' + values[0]);
    return original.apply(owner, values);
  };
};
for (const name of ['readFileSync', 'openSync', 'readdirSync', 'statSync', 'existsSync', 'createReadStream', 'readFile', 'open', 'stat']) watch(fs, name);
for (const name of ['readFile', 'open', 'readdir', 'stat', 'access']) watch(fs.promises, name);
syncBuiltinESMExports();

const { env } = await import('onnxruntime-node');
// What these packages do on loading is not ours to test.
await import('sharp');
await import('zod');
const utilities = { ...util };
const host = () => ({
  environment: { ...process.env },
  globals: Object.getOwnPropertyNames(globalThis).sort(),
  listeners: process.eventNames().map((name) => String(name) + ' ' + process.listenerCount(name)),
  util: Object.keys(util).sort(),
  patched: Object.keys(util).filter((name) => util[name] !== utilities[name]),
  logLevel: env.logLevel,
  exitCode: process.exitCode,
  stackTraceLimit: Error.stackTraceLimit,
  folder: process.cwd(),
  title: process.title,
});
const before = host();
await import(entry);
console.log(JSON.stringify({ opened, before, after: host() }));
`;

interface Outcome {
  readonly opened: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

test.each(entries)('importing micro-yolo %s opens no file and changes nothing in its host', (_, entry) => {
  const args = [
    '--input-type=module',
    '--eval',
    PROBE,
    fileURLToPath(dist),
    pathToFileURL(fileURLToPath(entry)).href,
  ];
  const { opened, before, after } = JSON.parse(
    execFileSync(process.execPath, args, { encoding: 'utf8' }),
  ) as Outcome;
  expect(opened).toEqual([]);
  expect(after).toEqual(before);
});

test('modules with side effects on import are listed for bundlers', () => {
  expect(sideEffects).toContain('./dist/cli/main.js');
});
