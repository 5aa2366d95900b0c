import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-files.ts';

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
const meadow = path('docs/images/meadow.jpg');
const folder = temporaryFolder();

const command = (example: string) => ['--import', import.meta.resolve('tsx'), path(`examples/${example}`)];

/** Runs an example as its first comment says, and returns its output. */
async function run(example: string, ...values: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [...command(example), ...values], {
    cwd: folder,
  });
  return stdout;
}

test('all examples are listed, and all are tested here', async () => {
  const files = (await readdir(path('examples'))).filter((name) => /\.m?ts$|\.mjs$/.test(name));
  const listed = [...readFileSync(path('examples/README.md'), 'utf8').matchAll(/^\| \[(\S+)\]/gm)].map(
    ([, name]) => name,
  );
  const tried = readFileSync(fileURLToPath(import.meta.url), 'utf8');
  expect(files.sort()).toEqual(listed.sort());
  expect(files.filter((name) => !tried.includes(`'${name}'`))).toEqual([]);
});

test('the worker example prints the labels of a photo', async () => {
  expect(await run('worker.mjs', meadow)).toContain('person, horse, person');
});

test('the batch example prints a line of JSON per photo in a folder', async () => {
  const photos = join(folder, 'photos');
  await cp(meadow, join(photos, 'one.jpg'), { recursive: true });
  await cp(meadow, join(photos, 'two.jpg'), { recursive: true });
  const lines = (await run('batch.ts', photos)).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).detections[0].label)).toEqual(['person', 'person']);
});

test('the crops example writes an image of each object', async () => {
  await run('crops.ts', meadow, 'crops');
  const pictures = await readdir(join(folder, 'crops'));
  expect(pictures.sort()).toEqual(['horse-2.png', 'person-1.png', 'person-3.png']);
});

test('the pipeline example finds what detect finds', async () => {
  const { loadDetector } = await import('../../src/api/index.ts');
  const detector = await loadDetector('micro-yolo-coco');
  const detections = await detector.detect(meadow);
  await detector[Symbol.asyncDispose]();
  const expected = detections.map(
    ({ label, score, box }) => `${label} ${score.toFixed(3)} ${box.map((side) => side.toFixed(1)).join(' ')}`,
  );
  expect((await run('pipeline.ts', meadow)).trim().split('\n')).toEqual(expected);
});

test('the server example answers a photo with its objects, and other bytes with the reason', async () => {
  const server = spawn(process.execPath, [...command('server-route.ts'), '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await createInterface(server.stdout)
      [Symbol.asyncIterator]()
      .next()
      .then(({ value }) => [value as string]);
    const address = `http://localhost:${line!.replace('listening on ', '')}/detect`;
    const found = await fetch(address, { method: 'POST', body: readFileSync(meadow) });
    expect(await found.json()).toMatchObject([{ label: 'person' }, { label: 'horse' }, { label: 'person' }]);
    const refused = await fetch(address, { method: 'POST', body: 'no image' });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: expect.stringContaining('expected') });
  } finally {
    server.kill();
  }
});

test('the training example trains and evaluates a model', async () => {
  expect(await run('train.ts', '1', '8')).toMatch(/^AP50 \d\.\d{3}$/m);
});
