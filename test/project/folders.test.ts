import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../../src', import.meta.url));
const entries = readdirSync(src, { recursive: true, withFileTypes: true });
const lines = new Map(
  entries
    .filter((entry) => entry.isFile() && extname(entry.name) === '.ts')
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path, readFileSync(path, 'utf8').trimEnd().split('\n')]),
);

test('no folder has more than twenty entries', () => {
  const counts = new Map<string, number>();
  for (const { parentPath } of entries) counts.set(parentPath, (counts.get(parentPath) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > 20)).toEqual([]);
});

test('half of the files have at most 70 lines', () => {
  const lengths = [...lines.values()].map(({ length }) => length).sort((a, b) => a - b);
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(70);
});

test('a file of more than 200 lines says why in its first lines', () => {
  const long = [...lines].filter(([, { length }]) => length > 200);
  const silent = long.filter(([, text]) => !/long|@generated/i.test(text.slice(0, 6).join('\n')));
  expect(silent.map(([path]) => path)).toEqual([]);
});
