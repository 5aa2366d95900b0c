import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadDataset } from '../../src/api/datasets.ts';
import { COCO_CLASSES } from '../../src/detection/decoders/coco-classes.ts';
import { writeModel } from '../../src/models/formats/safetensors/model-file.ts';
import { microYolox } from '../../src/network/detectors/micro-yolox.ts';
import { readYoloxNano } from './read-yolox-nano.ts';
import { widened } from './widened.ts';

/** Number of images for the statistics of norms. */
const IMAGES = 128;

export interface BeginOptions {
  /** The published yolox_nano.onnx. */
  readonly yolox: string;
  /** Data set whose training images give the statistics of norms. */
  readonly data: string;
  /** Folder for both models. */
  readonly folder: string;
  /** Side of the input in pixels. */
  readonly size: number;
}

/**
 * Converts the published YOLOX-Nano to this library's layers, and writes `micro-yolox` with its weights. Both are in the
 * folder: `teacher.safetensors` for hints, and the returned model. If the latter exists, both stay.
 * @returns path of the model to start with
 */
export async function begin({ yolox, data, folder, size }: BeginOptions): Promise<string> {
  const start = join(folder, 'start.safetensors');
  if (existsSync(start)) return start;
  mkdirSync(folder, { recursive: true });
  const { images, imageFolder } = await loadDataset(data, { split: 'train' });
  const paths = images.slice(0, IMAGES).map(({ fileName }) => join(imageFolder, fileName));
  const teacher = await readYoloxNano(yolox, { classes: COCO_CLASSES, images: paths, size });
  await writeModel(join(folder, 'teacher.safetensors'), teacher);
  await writeModel(start, await widened(teacher, microYolox({ size }), paths));
  return start;
}
