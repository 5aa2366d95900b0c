import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { glob } from 'tinyglobby';
import { expect, test } from 'vitest';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

test('no file of the built package imports a TypeScript file', async () => {
  const files = await glob('**/*.js', { cwd: dist, absolute: true });
  expect(files.length).toBeGreaterThan(500);
  const wrong: string[] = [];
  for (const file of files) {
    const found = (await readFile(file, 'utf8')).match(/\b(?:import\(|from )['"]\.[^'"]*\.ts['"]/);
    if (found) wrong.push(`${file.slice(dist.length)}: ${found[0]}`);
  }
  expect(wrong).toEqual([]);
});
