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

/** What every step of one image's augmentation is given. */
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

/** A random view of a scene, in which flips cost nothing. */
function drawView(setting: Setting, center: readonly [x: number, y: number]): Matrix {
  const { input, options, random } = setting;
  const affine = randomAffine(center, input, options, random);
  const mirrorX: Matrix =
    random() < options.flipHorizontal ? [-1, 0, input.width, 0, 1, 0] : [1, 0, 0, 0, 1, 0];
  const mirrorY: Matrix =
    random() < options.flipVertical ? [1, 0, 0, 0, -1, input.height] : [1, 0, 0, 0, 1, 0];
  return compose(mirrorX, mirrorY, affine);
}

/** One image or a mosaic with it, brought to the input's size. */
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
 * An image of a data set as training sees it in one epoch. Everything drawn comes from `random` in an order of
 * its own: the same numbers give the same bytes, however long loading takes.
 * @param index of the image that is sure to take part
 * @param random uniform in [0, 1)
 * @param fill gray level where no image lies, 0–255
 * @returns an image of exactly the input's size, with boxes in its pixels
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
