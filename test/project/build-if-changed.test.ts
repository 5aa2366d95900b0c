import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-files.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/build-if-changed.js', import.meta.url));
const folder = temporaryFolder();

/** A build that only counts. */
const BUILD = `const fs = require('node:fs');
fs.mkdirSync('dist/cli', { recursive: true });
for (const file of ['dist/cli/main.js', 'dist/.tsbuildinfo']) fs.writeFileSync(file, '');
fs.appendFileSync('builds', '.');`;

async function builds(): Promise<number> {
  execFileSync(process.execPath, [SCRIPT], { cwd: folder, stdio: 'ignore' });
  return (await readFile(join(folder, 'builds'), 'utf8')).length;
}

beforeAll(async () => {
  await mkdir(join(folder, 'src/boxes'), { recursive: true });
  await writeFile(join(folder, 'src/boxes/iou.ts'), '');
  for (const name of ['tsconfig.json', 'tsconfig.build.json']) await writeFile(join(folder, name), '{}');
  await writeFile(join(folder, 'build.cjs'), BUILD);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ scripts: { build: 'node build.cjs' } }));
});

test('builds once for the same sources, and again for changed or removed ones', async () => {
  expect(await builds()).toBe(1);
  expect(await builds()).toBe(1);
  const later = new Date(Date.now() + 10_000);
  await utimes(join(folder, 'src/boxes/iou.ts'), later, later);
  expect(await builds()).toBe(2);
  const earlier = new Date(0);
  await utimes(join(folder, 'src/boxes/iou.ts'), earlier, earlier);
  expect(await builds()).toBe(2);
  await rm(join(folder, 'src/boxes/iou.ts'));
  await utimes(join(folder, 'src/boxes'), later, later);
  expect(await builds()).toBe(3);
  await rm(join(folder, 'dist/.tsbuildinfo'));
  expect(await builds()).toBe(4);
});
