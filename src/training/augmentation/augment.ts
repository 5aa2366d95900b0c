import type { Size } from '../../boxes/formats.ts';
import { paintTiles, randomAffine } from './affine.ts';
import { symmetricBeta } from './beta.ts';
import { between } from './between.ts';
import { blur } from './blur.ts';
import { randomCrop } from './crop.ts';
import { copyCutOuts } from './cut-out-copies.ts';
import { randomHsvShift, shiftHsv } from './hsv.ts';
import { jpegNoise } from './jpeg-noise.ts';
import type { LabeledImage } from './labeled-image.ts';
import { letterbox } from './letterbox.ts';
import { compose, type Matrix } from './matrix.ts';
import { mixup } from './mixup.ts';
import { mosaic } from './mosaic.ts';
import type { AugmentationOptions } from './options.ts';

/** Images to augment: originals or smaller copies. */
export interface LabeledSource {
  /** Number of images. */
  readonly count: number;
  /**
   * Loads an image.
   * @param index index of the image, from 0 to `count` − 1
   */
  load(index: number): Promise<LabeledImage>;
}

/** Parameters shared by all augmentation steps of an image. */
interface Setting {
  readonly source: LabeledSource;
  readonly input: Size;
  readonly options: AugmentationOptions;
  readonly random: () => number;
  readonly fill: number;
}

function anyIndex({ source, random }: Setting): number {
  return Math.floor(random() * source.count);
}

/** Draws a transformation of the scene, including flips, which add no cost this way. */
function drawView(setting: Setting, center: readonly [x: number, y: number]): Matrix {
  const { input, options, random } = setting;
  const affine = randomAffine(center, input, options, random);
  const mirrorX: Matrix =
    random() < options.flipHorizontal ? [-1, 0, input.width, 0, 1, 0] : [1, 0, 0, 0, 1, 0];
  const mirrorY: Matrix =
    random() < options.flipVertical ? [1, 0, 0, 0, -1, input.height] : [1, 0, 0, 0, 1, 0];
  return compose(mirrorX, mirrorY, affine);
}

/** Paints one image, or a mosaic with it, at the size of the input. */
async function paintScene(index: number, setting: Setting): Promise<LabeledImage> {
  const { source, input, options, random, fill } = setting;
  const others = random() < options.mosaic ? options.mosaicTiles - 1 : 0;
  const indexes = [index, ...Array.from({ length: others }, () => anyIndex(setting))];
  const whole = await Promise.all(indexes.map((one) => source.load(one)));
  const images = whole.map((image) => (random() < options.crop ? randomCrop(image, options, random) : image));
  const view = (center: readonly [number, number]) => drawView(setting, center);
  const tiles = others > 0 ? mosaic(images, input, view, random) : letterbox(images[0]!, input, view);
  return paintTiles(tiles, input, options.minimumVisibility, fill);
}

async function addCopies(scene: LabeledImage, setting: Setting): Promise<LabeledImage> {
  const { source, options, random } = setting;
  const count = Math.floor(random() * (options.copies + 1));
  const from = anyIndex(setting);
  return count === 0 ? scene : copyCutOuts(scene, await source.load(from), count, options, random);
}

async function blendIn(scene: LabeledImage, setting: Setting): Promise<LabeledImage> {
  const { options, random } = setting;
  if (random() >= options.mixup) return scene;
  const other = await paintScene(anyIndex(setting), setting);
  return mixup(scene, other, symmetricBeta(options.mixupBeta, random));
}

/**
 * Makes a training image. All random numbers are drawn from `random` in a fixed order, so the same numbers give the
 * same bytes, however long loading takes.
 * @param index index of the main image
 * @param random returns uniform numbers in [0, 1)
 * @param fill gray level of uncovered pixels, 0–255
 * @returns an image with the size of the input, and boxes in its pixels
 */
export async function augment(
  index: number,
  source: LabeledSource,
  input: Size,
  options: AugmentationOptions,
  random: () => number,
  fill: number,
): Promise<LabeledImage> {
  const setting: Setting = { source, input, options, random, fill };
  const scene = await paintScene(index, setting);
  const { image: blended, objects } = await blendIn(await addCopies(scene, setting), setting);
  let image = shiftHsv(blended, randomHsvShift(options, random));
  if (random() < options.blur) image = blur(image, between(0.1, options.blurSigma, random));
  if (random() < options.jpeg)
    image = await jpegNoise(image, Math.round(between(...options.jpegQuality, random)));
  return { image, objects };
}
