import { join } from 'node:path';
import sharp from 'sharp';
import { annotationTable, type Dataset } from '../../../src/datasets/dataset.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { resolveSettings } from '../../../src/tasks/train/settings-file.ts';
import type { TrainingRun } from '../../../src/training/run/run.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { writeDeep } from '../../temporary-files.ts';

/** Writes photos of bright circles and squares on a dark background into a folder. */
export async function drawnDataset(folder: string, count = 7): Promise<Dataset> {
  const random = uniformRandom(5);
  const images = [];
  const rows = [];
  for (let image = 0; image < count; image++) {
    const fileName = `${image}.png`;
    const [width, height] = [72 + 4 * image, 64];
    const category = image % 2;
    const side = 20 + Math.floor(20 * random());
    const [left, top] = [Math.floor(random() * (width - side)), Math.floor(random() * (height - side))];
    const middle = side / 2;
    const shape =
      category === 0
        ? `<circle cx="${left + middle}" cy="${top + middle}" r="${middle}" fill="#f0c040"/>`
        : `<rect x="${left}" y="${top}" width="${side}" height="${side}" fill="#40c0f0"/>`;
    const svg = `<svg width="${width}" height="${height}"><rect width="100%" height="100%" fill="#202428"/>${shape}</svg>`;
    await writeDeep(join(folder, fileName), await sharp(Buffer.from(svg)).png().toBuffer());
    images.push({ id: 10 + image, fileName, width, height });
    const box = [left, top, side, side] as const;
    rows.push({ id: image + 1, image, category, box, area: side * side, crowd: false });
  }
  const categories = [
    { id: 1, name: 'circle' },
    { id: 2, name: 'square' },
  ];
  return { images, categories, annotations: annotationTable(rows), imageFolder: folder, extra: {} };
}

/** A run that takes a second: the tiny model, three epochs of four batches. */
export function tinyRun(
  dataset: Dataset,
  folder: string,
  settings: Readonly<Record<string, unknown>> = {},
): TrainingRun {
  const { network, weights, recipe, provenance } = tinyModel();
  const resolved = resolveSettings(
    {
      data: 'drawn.json',
      size: 64,
      batch: 2,
      epochs: 3,
      engine: 'onnx-plain',
      threads: 1,
      checkpointMinutes: 1e-9,
      ...settings,
    },
    'test',
  );
  return { settings: resolved, dataset, network, weights, recipe, provenance, folder };
}
