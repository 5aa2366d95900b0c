import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cp, readdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
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
  const lines = (await run('batch.mts', photos)).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).detections[0].label)).toEqual(['person', 'person']);
});

test('the crops example writes an image of each object', async () => {
  await run('crops.mts', meadow, 'crops');
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
  expect((await run('pipeline.mts', meadow)).trim().split('\n')).toEqual(expected);
});

test('the server example answers a photo with its objects, and other bytes with the reason', async () => {
  const server = spawn(process.execPath, [...command('server-route.mts'), '0'], {
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

test('the evaluation example measures what evaluateModel measures', async () => {
  const { evaluateModel } = await import('../../src/api/index.ts');
  const labels = {
    images: [{ id: 7, file_name: 'one.jpg', width: 640, height: 480 }],
    categories: [{ id: 3, name: 'person' }],
    annotations: [
      { id: 1, image_id: 7, category_id: 3, bbox: [315.8, 177.7, 96.8, 240], area: 23_232, iscrowd: 0 },
    ],
  };
  const data = join(folder, 'photos/val.json');
  await cp(meadow, join(folder, 'photos/one.jpg'));
  await writeFile(data, JSON.stringify(labels));
  const { metrics, detections } = await evaluateModel({ model: 'micro-yolo-coco', data });
  const figures = `mAP ${metrics.AP.toFixed(3)}, AP50 ${metrics.AP50.toFixed(3)}`;
  expect(await run('evaluate.mts', data)).toBe(`${figures}, ${detections} detections\n`);
});

test('the server example survives a client that leaves during the upload', async () => {
  const server = spawn(process.execPath, [...command('server-route.mts'), '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const { value } = await createInterface(server.stdout)[Symbol.asyncIterator]().next();
    const port = Number((value as string).replace('listening on ', ''));
    const socket = connect(port, 'localhost');
    socket.write('POST /detect HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc');
    await once(socket, 'connect');
    socket.destroy();
    const found = await fetch(`http://localhost:${port}/detect`, {
      method: 'POST',
      body: readFileSync(meadow),
    });
    expect(found.status).toBe(200);
  } finally {
    server.kill();
  }
});

test('the training example trains and evaluates a model', async () => {
  expect(await run('train.mts', '1', '8')).toMatch(/^AP50 \d\.\d{3}$/m);
});
