import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Dataset } from '../../../src/datasets/dataset.ts';
import { readCoco } from '../../../src/datasets/formats/coco/read.ts';
import { loadDetector } from '../../../src/detection/detector.ts';
import { detectDataset } from '../../../src/tasks/evaluate/detect-dataset.ts';
import { noisePicture } from '../../image/pictures.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();
let dataset: Dataset;

beforeAll(async () => {
  await noisePicture(90, 60).png().toFile(join(folder, 'a.png'));
  const path = join(folder, 'set.json');
  const images = [{ id: 1, file_name: 'a.png', width: 90, height: 60 }];
  const annotations = [{ id: 1, image_id: 1, category_id: 1, bbox: [0, 0, 30, 30] }];
  const categories = ['circle', 'square'].map((name, index) => ({ id: index + 1, name }));
  await writeFile(path, JSON.stringify({ images, annotations, categories }));
  dataset = await readCoco(path, { imageFolder: folder });
});

test('an undefined option has the default of evaluation', async () => {
  await using detector = await loadDetector(tinyModel());
  const missing = await detectDataset(detector, dataset);
  const given = { scoreThreshold: undefined, iouThreshold: undefined, maxDetections: undefined };
  expect((await detectDataset(detector, dataset, given)).count).toBe(missing.count);
  expect(missing.count).toBeGreaterThan(0);
});

test.each([{ classes: ['circle'] }, { clip: true }, { multiLabel: false }])(
  'refuses %j, which evaluation sets',
  async (options) => {
    await using detector = await loadDetector(tinyModel());
    await expect(detectDataset(detector, dataset, options as object)).rejects.toThrow(
      `detectDataset options: unknown option "${Object.keys(options)[0]}"`,
    );
  },
);
