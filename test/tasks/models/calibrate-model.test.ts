import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadAnyModel } from '../../../src/detection/load-any-model.ts';
import { isGraphModel } from '../../../src/models/graph-model.ts';
import { calibrateModel } from '../../../src/tasks/models/calibrate-model.ts';
import { importGraph } from '../../../src/tasks/models/import-graph.ts';
import { reportGraph } from '../../../src/tasks/models/report-graph.ts';
import { microYoloError } from '../../micro-yolo-error.ts';
import { temporaryFolder, writeDeep } from '../../temporary-files.ts';

const FIXTURES = join(import.meta.dirname, '../../detection/foreign/fixtures');
const photo = join(FIXTURES, 'pictures', 'small-97x61.png');
const folder = temporaryFolder();

interface Reference {
  readonly pictures: readonly {
    readonly detections: readonly { readonly box: readonly number[]; readonly class: number }[];
  }[];
}

/** COCO JSON with the boxes that the fixture's reference program finds. */
async function truthOf(twin: string, file = 'small-97x61.png'): Promise<string> {
  const { pictures } = JSON.parse(
    await readFile(join(FIXTURES, twin, 'reference.json'), 'utf8'),
  ) as Reference;
  const annotations = pictures[0]!.detections.map(({ box, class: place }, id) => {
    const [left, top] = [Math.max(0, box[0]!), Math.max(0, box[1]!)];
    const [width, height] = [Math.min(97, box[2]!) - left, Math.min(61, box[3]!) - top];
    const area = width * height;
    return {
      id: id + 1,
      image_id: 1,
      category_id: place + 1,
      bbox: [left, top, width, height],
      area,
      iscrowd: 0,
    };
  });
  const categories = [0, 1, 2].map((place) => ({ id: place + 1, name: `class ${place}` }));
  const images = [{ id: 1, file_name: file, width: 97, height: 61 }];
  return writeDeep(join(folder, `${twin}-${file}.json`), JSON.stringify({ images, annotations, categories }));
}

test('a labeled photo identifies the family of raw maps', async () => {
  const model = join(FIXTURES, 'twin-yolov7-maps', 'model.onnx');
  const truth = await truthOf('twin-yolov7-maps');
  const { model: read, trials, notes } = await calibrateModel({ model, photo, truth });
  expect(read.decoder.family).toBe('yolov7-maps');
  expect(read.recipe).toMatchObject({ colorOrder: 'rgb', std: 255 });
  expect(trials[0]!.averagePrecision).toBeGreaterThan(0.5);
  expect(notes[0]).toMatch(/wins by 0\.\d+ over /);
});

test('an import keeps the family that a labeled photo identified', async () => {
  const model = join(FIXTURES, 'twin-yolov7-maps', 'model.onnx');
  const out = join(folder, 'decided.safetensors');
  const truth = await truthOf('twin-yolov7-maps');
  await expect(importGraph({ model, out, calibrate: photo })).rejects.toThrow(
    'expected both, a photo and its boxes',
  );
  const { notes } = await importGraph({ model, out, calibrate: photo, truth });
  expect(notes[0]).toContain(`by the true boxes of ${photo}`);
  const { model: imported } = await loadAnyModel(out, {});
  expect(isGraphModel(imported) && imported.decoder.family).toBe('yolov7-maps');
});

test('info reports the result of a labeled photo, and how well each reading did', async () => {
  const model = join(FIXTURES, 'twin-yolov7-maps', 'model.onnx');
  await expect(reportGraph(model)).rejects.toThrow('let a labeled photo decide');
  const truth = await truthOf('twin-yolov7-maps');
  const report = (await reportGraph(model, { calibrate: photo, truth }))!;
  expect(report).toMatchObject({ family: 'yolov7-maps', evidence: `the true boxes of ${photo}` });
  expect(report.trials!.length).toBeGreaterThan(1);
  expect(report.trials![0]!.averagePrecision).toBeGreaterThan(report.trials![1]!.averagePrecision);
  await expect(reportGraph('micro-yolo', { calibrate: photo, truth })).rejects.toThrow(
    'micro-yolo is not an .onnx file; leave out calibrate and truth',
  );
  await expect(reportGraph(model, { truth })).rejects.toThrow('expected both, a photo and its boxes');
});

test('boxes that no reading finds identify nothing', async () => {
  const model = join(FIXTURES, 'twin-yolov7-maps', 'model.onnx');
  const truth = await truthOf('twin-nanodet-plus-3');
  const { message } = await microYoloError(calibrateModel({ model, photo, truth }));
  expect(message).toMatch(/no interpretation finds the boxes|does not decide/);
});
