import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readResults } from '../../../src/evaluation/results/file.ts';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { type EvaluateEvent, evaluateModel } from '../../../src/tasks/evaluate/evaluate-model.ts';
import { noisePicture } from '../../image/pictures.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();
const source = () => ({ model: join(folder, 'tiny.safetensors'), data: join(folder, 'set.json') });

beforeAll(async () => {
  await writeModel(join(folder, 'tiny.safetensors'), tinyModel());
  await noisePicture(90, 60).png().toFile(join(folder, 'a.png'));
  const record = (id: number) => ({ id, file_name: 'a.png', width: 90, height: 60 });
  const annotations = [{ id: 1, image_id: 1, category_id: 1, bbox: [0, 0, 30, 30] }];
  const categories = ['circle', 'square'].map((name, index) => ({ id: index + 1, name }));
  await writeFile(
    join(folder, 'set.json'),
    JSON.stringify({ images: [record(1), record(2)], annotations, categories }),
  );
});

test('each of two records of one file gets its detections', async () => {
  const saveJson = join(folder, 'found.json');
  await evaluateModel({ ...source(), saveJson, scoreThreshold: 0 });
  const { imageIds } = await readResults(saveJson);
  const count = (id: number) => imageIds.filter((found) => found === id).length;
  expect(count(1)).toBeGreaterThan(0);
  expect(count(2)).toBe(count(1));
});

test('an undefined option has the default of evaluation, not of detection', async () => {
  const missing = await evaluateModel(source());
  const given = await evaluateModel({ ...source(), scoreThreshold: undefined, maxDetections: undefined });
  const strict = await evaluateModel({ ...source(), scoreThreshold: 0.25 });
  expect(given.detections).toBe(missing.detections);
  expect(strict.detections).toBeLessThan(missing.detections);
});

test('refuses detection options if detections are given', async () => {
  const saveJson = join(folder, 'given.json');
  await evaluateModel({ ...source(), saveJson });
  const given = { data: join(folder, 'set.json'), results: saveJson };
  expect((await evaluateModel({ ...given, scoreThreshold: undefined })).detections).toBeGreaterThan(0);
  await expect(evaluateModel({ ...given, scoreThreshold: 0.5, nms: 'cluster' })).rejects.toThrow(
    'scoreThreshold, nms with results: the results already contain boxes; leave out scoreThreshold, nms',
  );
});

test('skips unreadable images in YOLO data', async () => {
  await writeFile(join(folder, 'b.jpg'), 'no photo');
  await writeFile(join(folder, 'a.txt'), '0 0.5 0.5 0.2 0.2\n');
  await writeFile(join(folder, 'list.txt'), './a.png\n./b.jpg\n');
  await writeFile(join(folder, 'data.yaml'), 'val: list.txt\nnames: [circle, square]\n');
  const events: EvaluateEvent[] = [];
  const options = { ...source(), data: join(folder, 'data.yaml') };
  const report = await evaluateModel(options, { onEvent: (event) => events.push(event) });
  expect(report.images).toBe(1);
  expect(events).toContainEqual(expect.objectContaining({ type: 'started', total: 2 }));
  expect(events).toContainEqual(expect.objectContaining({ type: 'skipped', image: join(folder, 'b.jpg') }));
});

test('classes that the data lacks take no places among the best', async () => {
  const categories = [{ id: 1, name: 'circle' }];
  const annotations = [{ id: 1, image_id: 1, category_id: 1, bbox: [0, 0, 30, 30] }];
  const images = [{ id: 1, file_name: 'a.png', width: 90, height: 60 }];
  await writeFile(join(folder, 'circles.json'), JSON.stringify({ images, annotations, categories }));
  const options = { ...source(), data: join(folder, 'circles.json'), scoreThreshold: 0 };
  const all = await evaluateModel(options);
  const three = await evaluateModel({ ...options, maxDetections: 3 });
  expect([all.detections > 3, three.detections]).toEqual([true, 3]);
});

test('does not overwrite annotations if the data are named by a description', async () => {
  const description = join(folder, 'set.yaml');
  const splits = '{ val: { annotations: set.json } }';
  await writeFile(description, `format: coco\npath: .\nsplits: ${splits}\n`);
  const options = { ...source(), data: description, saveJson: join(folder, 'set.json') };
  await expect(evaluateModel(options)).rejects.toThrow('would overwrite what is read');
});

test('does not overwrite the file of class names', async () => {
  const names = join(folder, 'names.txt');
  await writeFile(names, 'circle\nsquare\n');
  await expect(evaluateModel({ ...source(), names, saveJson: names })).rejects.toThrow(
    'would overwrite what is read',
  );
});

/** The detections in an image of 90×60 whose record has another size, and the messages. */
async function recorded(width: number, height: number) {
  const name = `${width}x${height}`;
  const images = [{ id: 1, file_name: 'a.png', width, height }];
  const annotations = [{ id: 1, image_id: 1, category_id: 1, bbox: [0, 0, 30, 30] }];
  const categories = [{ id: 1, name: 'circle' }];
  await writeFile(join(folder, `${name}.json`), JSON.stringify({ images, annotations, categories }));
  const notes: string[] = [];
  const saveJson = join(folder, `${name}-found.json`);
  await evaluateModel(
    { ...source(), data: join(folder, `${name}.json`), saveJson },
    {
      onEvent: (event) => {
        if (event.type === 'note') notes.push(event.message);
      },
    },
  );
  return { boxes: [...(await readResults(saveJson)).boxes], notes };
}

test('evaluates shrunk images in the pixels of their records, and reports rotated ones', async () => {
  const same = await recorded(90, 60);
  const double = await recorded(180, 120);
  expect(double.boxes).toEqual(same.boxes.map((side) => expect.closeTo(2 * side, 6)));
  expect(double.notes.join()).not.toContain('another aspect');
  const turned = await recorded(60, 90);
  expect(turned.notes.join('\n')).toMatch(
    /^1 image has another aspect ratio than the data states.*\(a\.png is 90×60, not 60×90\)/m,
  );
});

test('accepts a model or a file of detections, but not both or neither', async () => {
  const { data, model } = source();
  const both = evaluateModel({ data, model, results: 'found.json' });
  await expect(both).rejects.toThrow('model and results: got both, expected exactly one');
  await expect(evaluateModel({ data } as { data: string; model: string })).rejects.toThrow('got neither');
});

/** Evaluates perfect detections against annotations of one image without a size. */
async function measured(name: string, annotations: readonly object[]) {
  const data = join(folder, `${name}.json`);
  const results = join(folder, `${name}-found.json`);
  const images = [{ id: 1, file_name: 'gone.jpg' }];
  await writeFile(data, JSON.stringify({ images, categories: [{ id: 1, name: 'circle' }], annotations }));
  const found = [0, 20, 40].map((left) => ({
    image_id: 1,
    category_id: 1,
    bbox: [left, 0, 10, 10],
    score: 0.9 - left / 100,
  }));
  await writeFile(results, JSON.stringify(found.slice(0, annotations.length)));
  const notes: string[] = [];
  const { metrics } = await evaluateModel(
    { data, results },
    {
      onEvent: (event) => {
        if (event.type === 'note') notes.push(event.message);
      },
    },
  );
  return { AP: metrics.AP, notes: notes.map((note) => note.replace(data, 'data')) };
}

const truth = (id: unknown, left: number, more: object = {}) => {
  return { id, image_id: 1, category_id: 1, bbox: [left, 0, 10, 10], ...more };
};

test('given detections need neither the sizes of images nor the images', async () => {
  expect(await measured('no-size', [truth(1, 0), truth(2, 20)])).toEqual({
    AP: expect.closeTo(1, 12),
    notes: [],
  });
});

test('numbers annotations with repeated or missing ids, and notes it', async () => {
  const { AP, notes } = await measured('ids', [truth(0, 0), truth(0, 20), truth(undefined, 40)]);
  expect(AP).toBeCloseTo(1, 12);
  expect(notes).toEqual([
    'data: of 3 annotation ids, 1 repeat an earlier one, 1 are missing or not whole numbers: all are numbered from 1, and no box is lost',
  ]);
});

test('a single id 0 never counts as found, as in pycocotools, and is reported', async () => {
  const { AP, notes } = await measured('zero', [truth(0, 0), truth(1, 20)]);
  expect(AP).toBeLessThan(0.8);
  expect(notes).toEqual([expect.stringContaining("id 0: COCO's evaluation never counts its box as found")]);
});

test('refuses a split with no boxes, or crowds only, as having nothing to find', async () => {
  await expect(measured('none', [])).rejects.toThrow(/has no objects in 1 image; label some/);
  await expect(measured('crowds', [truth(1, 0, { iscrowd: 1 })])).rejects.toThrow(
    /has no objects in 1 image, only crowds; label some/,
  );
});

test('refuses detections that all count for nothing, with the cause', async () => {
  const results = join(folder, 'unknown.json');
  await writeFile(
    results,
    JSON.stringify([{ image_id: 1, category_id: 9, bbox: [0, 0, 30, 30], score: 0.5 }]),
  );
  await expect(evaluateModel({ data: source().data, results })).rejects.toThrow(
    'none of its 1 detections can count: 1 of 1 detections are left out: the data has no category_id 9, only 1 circle, 2 square',
  );
});

test('refuses a missing split, or one without objects, and names the one to use', async () => {
  const images = [{ id: 1, file_name: 'a.png', width: 90, height: 60 }];
  const categories = [{ id: 1, name: 'circle' }];
  await writeFile(join(folder, 'bare.json'), JSON.stringify({ images, annotations: [], categories }));
  await writeFile(
    join(folder, 'bare.yaml'),
    'format: coco\npath: .\nsplits: { train: { annotations: set.json }, test: { annotations: bare.json } }\n',
  );
  const options = { ...source(), data: join(folder, 'bare.yaml') };
  await expect(evaluateModel(options)).rejects.toThrow(
    'has no split val, only train, test; name one with `split: "test"`',
  );
  await expect(evaluateModel({ ...options, split: 'test' })).rejects.toThrow(
    'split test has no objects in 1 image; label some, or name another with `split: "train"`',
  );
});
