import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const read = (file: string) => readFile(new URL(`../../${file}`, import.meta.url), 'utf8');

test('names every package installed with this one, with its license', async () => {
  const { dependencies, optionalDependencies } = JSON.parse(await read('package.json'));
  const rows = (await read('THIRD-PARTY-NOTICES.md')).matchAll(
    /^\| ([@a-z][\w./-]*)(?: \(optional\))? +\| \S/gm,
  );
  const named = [...rows].map(([, name]) => name!).filter((name) => name !== 'package');
  expect(named.sort()).toEqual([...Object.keys(dependencies), ...Object.keys(optionalDependencies)].sort());
});
