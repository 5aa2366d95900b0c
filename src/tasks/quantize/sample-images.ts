import { join } from 'node:path';
import type { Size } from '../../boxes/formats.ts';
import { openDataset } from '../../datasets/open/description.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import { fileMatcher } from '../../foundation/files/overwrites.ts';
import { expandImagePaths } from '../../image/expand-paths.ts';
import { type PreparedImage, prepareImage } from '../../image/prepare.ts';
import type { InputRecipe } from '../../image/recipe/recipe.ts';
import type { QuantizeSettings } from './settings.ts';

/** The split for calibration. */
const CALIBRATING = 'train';

async function trainingImages(data: string): Promise<readonly string[]> {
  const source = await openDataset(data, { imageSizes: 'stated', onProblem: () => {} });
  if (!source.splits.includes(CALIBRATING)) {
    throw new MicroYoloError(
      'invalid-argument',
      `${data}: has no split ${CALIBRATING} to calibrate with, only ${source.splits.join(', ')}; pass images with ${option('images')}`,
    );
  }
  const { images, imageFolder } = await source.read(CALIBRATING);
  return images.map(({ fileName }) => join(imageFolder, fileName));
}

/** At most `count` items of a list, evenly spaced. */
export function evenlySpaced<T>(list: readonly T[], count: number): readonly T[] {
  if (list.length <= count) return list;
  return Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)]!);
}

/**
 * Paths of the calibration images.
 * @param evaluated paths of the evaluation images, which must not be used for calibration
 * @throws MicroYoloError `invalid-argument` if there are none, or if one is also an evaluation image
 */
export async function samplePaths(
  { data, images, samples }: Pick<QuantizeSettings, 'data' | 'images' | 'samples'>,
  evaluated: readonly string[],
): Promise<readonly string[]> {
  if (images === undefined && data === undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      `no images to calibrate with; pass a folder with ${option('images')}, or labeled images with ${option('data')}`,
    );
  }
  const all = images ? await expandImagePaths(images, [], () => {}) : await trainingImages(data!);
  if (all.length === 0) {
    throw new MicroYoloError(
      'invalid-argument',
      `${data}: split ${CALIBRATING} has no images; pass some with ${option('images')}`,
    );
  }
  const chosen = evenlySpaced(all, samples);
  const isEvaluated = await fileMatcher(evaluated);
  for (const path of chosen) {
    if (!(await isEvaluated(path))) continue;
    throw new MicroYoloError(
      'invalid-argument',
      `${path}: is used for calibration and evaluation, so the figure would be too good; pass other images with ${option('images')}`,
    );
  }
  return chosen;
}

/**
 * Prepares images for a model. Unreadable images are skipped.
 * @param onSkipped called for each skipped image
 * @throws MicroYoloError with the code of the first error if no image can be read
 */
export async function prepareSamples(
  paths: readonly string[],
  recipe: InputRecipe,
  input: Size,
  onSkipped: (path: string, error: MicroYoloError) => void,
): Promise<readonly PreparedImage[]> {
  const prepared: PreparedImage[] = [];
  let first: MicroYoloError | undefined;
  for (const path of paths) {
    try {
      prepared.push(await prepareImage(path, recipe, input));
    } catch (error) {
      if (!(error instanceof MicroYoloError)) throw error;
      first ??= error;
      onSkipped(path, error);
    }
  }
  if (prepared.length > 0) return prepared;
  throw new MicroYoloError(
    first!.code,
    `none of ${paths.length} images to calibrate with can be used (${first!.message})`,
  );
}
