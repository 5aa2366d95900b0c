import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadDataset } from '../../../src/datasets/open/description.ts';
import { Detector } from '../../../src/detection/detector.ts';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import type { LabelDatasetEvent } from '../../../src/tasks/label/events.ts';
import { labelDataset } from '../../../src/tasks/label/label-dataset.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder, writeDeep, writePhoto } from '../../temporary-files.ts';

const root = temporaryFolder();
const inRoot = (path: string) => join(root, path);
const model = inRoot('tiny.safetensors');
await writeModel(model, tinyModel());
for (const [index, name] of ['a', 'b', 'c'].entries()) {
  await writePhoto(inRoot(`photos/${name}.jpg`), { width: 90 + 10 * index, height: 60 });
}
const photos = [inRoot('photos')];

/** Scores of the tiny model are about a quarter. */
const thresholds = { scoreThreshold: 0.26, ignoreThreshold: 0.2 };

async function run(out: string, more: Partial<Parameters<typeof labelDataset>[0]> = {}) {
  const events: LabelDatasetEvent[] = [];
  const labeled = await labelDataset(
    { images: photos, models: [model], out: inRoot(out), ...thresholds, ...more },
    { onEvent: (event) => events.push(event) },
  );
  const looked = events.filter((event) => event.type === 'item' && event.image !== undefined).length;
  return { labeled, events, looked };
}

test('labels are the detections with scores; uncertain ones become crowds', async () => {
  const { labeled, looked } = await run('plain');
  expect(looked).toBe(3);
  const data = await loadDataset(labeled.path);
  expect(data.images.map(({ fileName }) => fileName)).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
  await using detector = await Detector.create(tinyModel());
  const found = await detector.detect(inRoot('photos/a.jpg'), { scoreThreshold: 0.2, maxDetections: 300 });
  const { annotations } = data;
  const own = Array.from(annotations.images.keys()).filter((row) => annotations.images[row] === 0);
  expect(own).toHaveLength(found.length);
  for (const [place, { score, box, label }] of found.entries()) {
    const row = own[place]!;
    expect(annotations.extraOf(row)['score']).toBeCloseTo(score, 3);
    expect(annotations.crowd[row]).toBe(score > thresholds.scoreThreshold ? 0 : 1);
    expect(data.categories[annotations.categories[row]!]!.name).toBe(label);
    box.forEach((side, i) => {
      expect(annotations.boxes[4 * row + i]).toBeCloseTo(side, 1);
    });
  }
  expect(labeled.objects).toBeGreaterThan(0);
  expect(labeled.ignored).toBeGreaterThan(0);
});

test('a format without crowds gets the objects only', async () => {
  const { labeled } = await run('objects-only', { to: 'yolo' });
  const { annotations } = await loadDataset(labeled.path);
  expect(annotations.count).toBe(labeled.objects);
  expect(labeled.ignored).toBe(0);
  expect(labeled.losses.join()).toMatch(/\d+ boxes of crowds, left out/);
});

test('an interrupted run continues where it stopped, and redoes a truncated last line', async () => {
  await run('again');
  const journal = inRoot('again.labels.jsonl');
  const lines = (await readFile(journal, 'utf8')).split('\n');
  await writeDeep(journal, `${lines.slice(0, 3).join('\n')}\n${lines[3]!.slice(0, 20)}`);
  const { labeled, looked } = await run('again', { overwrite: true });
  expect(looked).toBe(1);
  expect(labeled.images).toBe(3);
  expect((await readFile(journal, 'utf8')).split('\n')).toEqual(lines);
});

test('does not continue labels with other settings', async () => {
  await run('other');
  await expect(run('other', { ignoreThreshold: 0.1, overwrite: true })).rejects.toThrow(
    /has labels from other models or settings .*; delete it, or choose another output folder/,
  );
});

test('does not continue labels of a model read as another family', async () => {
  await run('family');
  await expect(run('family', { as: 'yolox', overwrite: true })).rejects.toThrow(
    'has labels from other models or settings',
  );
});

test('refuses an output folder with other files before it looks at an image', async () => {
  await writeDeep(inRoot('occupied/notes.txt'), '');
  await expect(run('occupied')).rejects.toThrow('occupied: contains other files; choose a new folder');
  await expect(readFile(inRoot('occupied.labels.jsonl'))).rejects.toThrow('ENOENT');
});

test('does not continue labels of another model with the same name', async () => {
  const other = inRoot('other/tiny.safetensors');
  const { weights, ...rest } = tinyModel();
  const changed = new Map(weights).set('logits.bias', { shape: [14], data: new Float32Array(14).fill(0.1) });
  await mkdir(inRoot('other'), { recursive: true });
  await writeModel(other, { ...rest, weights: changed });
  await run('same-name');
  await expect(run('same-name', { models: [other], overwrite: true })).rejects.toThrow(
    'labels from other models or settings',
  );
});

test('names a misspelled option', async () => {
  await expect(run('typo', { scoreTreshold: 0.5 } as never)).rejects.toThrow(/scoreTreshold.*scoreThreshold/);
});

test('refuses an invalid journal', async () => {
  await appendFile(inRoot('odd.labels.jsonl'), 'hello\n');
  await expect(run('odd')).rejects.toThrow(/line 1 is not from a labeling run/);
});

test('several detectors vote: the same one twice finds no more than once', async () => {
  const once = await run('once');
  const twice = await run('twice', { models: [model, model] });
  expect(twice.labeled.objects).toBeGreaterThan(0);
  expect(twice.labeled.objects).toBeLessThanOrEqual(once.labeled.objects);
});

test('names an unreadable image and leaves it out', async () => {
  const torn = await writeDeep(inRoot('torn/x.jpg'), 'no image');
  const { labeled, events } = await run('torn-out', { images: [...photos, torn] });
  expect(labeled.images).toBe(3);
  expect(events.find(({ type }) => type === 'skipped')).toMatchObject({ image: torn });
});

test('a contact sheet shows the images, and names from files are only text', async () => {
  await writePhoto(inRoot('named/<b>&.jpg'));
  await run('named-out', { images: [inRoot('named')], review: inRoot('sheet.html') });
  const page = await readFile(inRoot('sheet.html'), 'utf8');
  expect(page).toContain('&lt;b&gt;&amp;.jpg');
  expect(page).not.toContain('<b>');
  expect(page).toContain('data:image/jpeg;base64,');
});

test('refuses an ignore threshold above the object threshold', async () => {
  await expect(run('wrong', { ignoreThreshold: 0.9 })).rejects.toThrow(
    'ignoreThreshold 0.9: expected a number from 0 to 0.26',
  );
});
