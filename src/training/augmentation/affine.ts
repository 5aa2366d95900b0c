import type { Size } from '../../boxes/formats.ts';
import type { RgbImage } from '../../image/decode.ts';
import { between } from './between.ts';
import { type LabeledImage, withBoxes } from './labeled-image.ts';
import { compose, type Matrix, mapBox, scaling, translation } from './matrix.ts';
import type { AugmentationOptions } from './options.ts';
import { visibleObjects } from './visible-objects.ts';
import { warp } from './warp.ts';

export type AffineOptions = Pick<AugmentationOptions, 'scale' | 'translate' | 'degrees' | 'shear'>;

/**
 * Draws a random affine transformation.
 * @param center point of the scene that maps to the center of the input if there is no shift, in pixels of the scene
 * @returns matrix from pixels of the scene to pixels of the input
 */
export function randomAffine(
  center: readonly [x: number, y: number],
  input: Size,
  options: AffineOptions,
  random: () => number,
): Matrix {
  const { translate, degrees, shear } = options;
  const radians = (limit: number) => (between(-limit, limit, random) * Math.PI) / 180;
  const scale = between(...options.scale, random);
  const angle = radians(degrees);
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const slantX = Math.tan(radians(shear));
  const slantY = Math.tan(radians(shear));
  const x = input.width * (0.5 + between(-translate, translate, random));
  const y = input.height * (0.5 + between(-translate, translate, random));
  return compose(
    translation(x, y),
    [1, slantX, 0, slantY, 1, 0],
    [cosine, -sine, 0, sine, cosine, 0],
    scaling(scale, scale),
    translation(-center[0], -center[1]),
  );
}

/** An image and its position in the output image. */
export interface Tile extends LabeledImage {
  /** Maps pixels of the image to pixels of the output image. */
  readonly matrix: Matrix;
}

/**
 * Paints transformed images into one image, resampling each once. Each box becomes the bounding box of its transformed
 * corners, clipped to the image.
 * @param fill gray level of uncovered pixels, 0–255
 */
export function paintTiles(
  tiles: readonly Tile[],
  { width, height }: Size,
  minimumVisibility: number,
  fill: number,
): LabeledImage {
  const image: RgbImage = { data: new Uint8Array(3 * width * height).fill(fill), width, height };
  for (const tile of tiles) warp(tile.image, tile.matrix, image);
  const objects = tiles.flatMap(({ objects, matrix }) => withBoxes(objects, (box) => mapBox(matrix, box)));
  return { image, objects: visibleObjects(objects, [0, 0, width, height], minimumVisibility) };
}
