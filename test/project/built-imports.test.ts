import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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

/** Packages that a file of the built package loads at once, with the file that imports each. */
async function packagesOf(entry: string): Promise<ReadonlyMap<string, string>> {
  const [packages, seen, open] = [new Map<string, string>(), new Set<string>(), [join(dist, entry)]];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const text = await readFile(file, 'utf8');
    for (const [, name] of text.matchAll(/^(?:import|export) (?:[^'"=]* from )?['"]([^'"]+)['"];$/gm)) {
      if (name!.startsWith('.')) open.push(join(dirname(file), name!));
      else if (!name!.startsWith('node:')) packages.set(name!, file.slice(dist.length));
    }
  }
  return packages;
}

test('--help loads no package but the parser of the command line', async () => {
  const packages = await packagesOf('cli/main.js');
  expect([...packages.keys()]).toEqual(['commander']);
});
