import type { Size } from '../../boxes/formats.ts';
import { placeImage } from '../../image/letterbox.ts';
import type { Tile } from './affine.ts';
import type { LabeledImage } from './labeled-image.ts';
import { compose, type Matrix, scaling, translation } from './matrix.ts';

/**
 * Letterboxes one image, as for inference, and applies a view to it.
 * @param view returns the matrix from scene to output image, given the scene point for the center of the output image
 */
export function letterbox(
  { image, objects }: LabeledImage,
  input: Size,
  view: (center: readonly [x: number, y: number]) => Matrix,
): readonly Tile[] {
  const { left, top, width, height } = placeImage(image, input, 'letterbox');
  const place = compose(translation(left, top), scaling(width / image.width, height / image.height));
  const matrix = compose(view([input.width / 2, input.height / 2]), place);
  return [{ image, objects, matrix }];
}
