import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeCoco } from '../../datasets/formats/coco/write.ts';
import { paintFigures } from '../../drawing/figures.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError, systemErrorCode } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import { defaultsOf } from '../../foundation/errors/option-row.ts';
import type { ItemEvent, StartedEvent } from '../../foundation/events.ts';
import { makeFolder } from '../../foundation/files/folders.ts';
import { notWritable, writeWholeFile } from '../../foundation/files/write.ts';
import { mapParallel } from '../../foundation/parallel.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { encodePicture } from '../../image/encode.ts';
import { SYNTHESIZE_OPTIONS } from '../../options/dataset/synthesize.ts';
import { paintBackground } from '../../synthetic/background.ts';
import { sceneDataset, sceneFileName } from '../../synthetic/dataset.ts';
import { develop } from '../../synthetic/develop.ts';
import { murmurSeed } from '../../synthetic/dice.ts';
import { planScene, type Scene } from '../../synthetic/scene.ts';

/** Options for drawing a data set of shapes. */
export interface SynthesizeOptions {
  /** Folder of the data set. @default 'datasets/shapes' */
  readonly out?: string | undefined;
  /** Number of training images. @default 2000 */
  readonly train?: number | undefined;
  /** Number of evaluation images. @default 500 */
  readonly val?: number | undefined;
  /** Seed, a whole number. The same seed gives the same images. @default 1 */
  readonly seed?: number | undefined;
  /** Side of the images in pixels. @default 320 */
  readonly size?: number | undefined;
  /** Number of images to draw at a time. Does not affect the images. @default 4 */
  readonly workers?: number | undefined;
  /** Whether to replace the data set in the folder. Other files stay. @default false */
  readonly overwrite?: boolean | undefined;
}

/** Progress events of drawing a data set. */
export type SynthesizeEvent =
  | StartedEvent
  | (ItemEvent & {
      /** Path of the image. */
      readonly path: string;
    });

/** A split that was drawn. */
export interface SynthesizedSplit {
  /** Name of the split. */
  readonly split: 'train' | 'val';
  /** Path of the COCO file. */
  readonly annotations: string;
  /** Number of images. */
  readonly images: number;
  /** Number of objects. */
  readonly objects: number;
}

/** Start of every description, by which existing sets are recognized. */
const DESCRIPTION = 'Shapes, drawn by micro-yolo';
const QUALITY = 90;
/** Each split has its own seeds, so that splits never share an image, whatever their sizes. */
const SPLIT_SEEDS = { train: 1, val: 2 } as const;
const OUR_IMAGES = /^\d{6}\.jpg$/;
/** Marker file in the folder of an incomplete set, such as after an interruption. */
const UNFINISHED = '.unfinished-shapes';

async function isEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return true;
    throw notWritable(folder, error);
  }
}

/** Whether a file starts with our description. Undefined if the file does not exist. */
async function isOurs(path: string): Promise<boolean | undefined> {
  try {
    return (await readFile(path, 'utf8')).slice(0, 200).includes(DESCRIPTION);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw notWritable(path, error);
  }
}

/** Removes an earlier set, descriptions first: if interrupted, the remaining images do not look like a complete set. */
async function clear(out: string): Promise<void> {
  const refuse = (path: string) => {
    const problem = `${path}: belongs to another data set, which is not overwritten`;
    throw new MicroYoloError('not-writable', `${problem}; choose another folder`);
  };
  const descriptions = ['train.json', 'val.json'].map((name) => join(out, name));
  const signs = [await isOurs(join(out, UNFINISHED))];
  for (const path of descriptions) {
    const sign = await isOurs(path);
    if (sign === false) refuse(path);
    signs.push(sign);
  }
  const images: string[] = [];
  for (const split of ['train', 'val']) {
    const names = await readdir(join(out, split)).catch(() => []);
    for (const name of names) if (OUR_IMAGES.test(name)) images.push(join(out, split, name));
  }
  // Other data sets may name their images the same way.
  if (images.length > 0 && !signs.includes(true)) refuse(images[0]!);
  await makeFolder(out);
  await writeWholeFile(join(out, UNFINISHED), DESCRIPTION);
  for (const path of [...descriptions, ...images]) await rm(path, { force: true });
}

async function render(scene: Scene): Promise<Buffer> {
  const background = paintBackground(scene.background, scene.size);
  return encodePicture(develop(await paintFigures(background, scene.items), scene), 'jpeg', QUALITY);
}

/**
 * Draws a detection data set of shapes: `train/`, `val/` and their COCO files. The COCO files are written last.
 * @throws MicroYoloError `not-writable` if the folder is not empty and `overwrite` is not set, `invalid-argument`
 * for a number out of its range
 */
export async function synthesizeDataset(
  options: SynthesizeOptions = {},
  watch: Watch<SynthesizeEvent> = {},
): Promise<readonly SynthesizedSplit[]> {
  const onEvent = watching(watch);
  checkOptions('synthesizeDataset options', options, SYNTHESIZE_OPTIONS);
  const defaults = defaultsOf(SYNTHESIZE_OPTIONS);
  const { out = defaults.out, seed = defaults.seed, size = defaults.size } = options;
  const { workers = defaults.workers, overwrite = defaults.overwrite } = options;
  const counts = { train: options.train ?? defaults.train, val: options.val ?? defaults.val };
  if (counts.train + counts.val === 0) {
    throw new MicroYoloError(
      'invalid-argument',
      'train 0 and val 0: no images, expected at least 1 in total',
    );
  }
  if (!overwrite && !(await isEmpty(out))) {
    const remedy = `choose another folder, or replace the existing set with ${option('overwrite')}`;
    throw new MicroYoloError('not-writable', `${out}: is not empty; ${remedy}`, { path: out });
  }
  await clear(out);
  onEvent({ type: 'started', total: counts.train + counts.val });
  const finished: (SynthesizedSplit & { write: () => Promise<void> })[] = [];
  for (const split of (['train', 'val'] as const).filter((split) => counts[split] > 0)) {
    const folder = join(out, split);
    await makeFolder(folder);
    const indices = Array.from({ length: counts[split] }, (_, index) => index);
    const scenes = await mapParallel(indices, workers, async (index) => {
      const scene = planScene(murmurSeed(seed, SPLIT_SEEDS[split], index), { width: size, height: size });
      const path = join(folder, sceneFileName(index));
      await writeWholeFile(path, await render(scene), { flush: false });
      onEvent({ type: 'item', path });
      // Drops the painted items: they are large, and there may be thousands of scenes.
      return { size: scene.size, objects: scene.objects };
    });
    const description = `${DESCRIPTION} with seed ${seed}: ${split}`;
    const dataset = sceneDataset(scenes, folder, description);
    const annotations = `${folder}.json`;
    finished.push({
      split,
      annotations,
      images: scenes.length,
      objects: dataset.annotations.count,
      write: () => writeCoco(dataset, annotations),
    });
  }
  for (const { write } of finished) await write();
  await rm(join(out, UNFINISHED), { force: true });
  return finished.map(({ write: _, ...split }) => split);
}
