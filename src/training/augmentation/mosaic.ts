import type { Size } from '../../boxes/formats.ts';
import { placeImage } from '../../image/letterbox.ts';
import type { Tile } from './affine.ts';
import type { LabeledImage } from './labeled-image.ts';
import { compose, type Matrix, scaling, translation } from './matrix.ts';

type Corner = readonly [left: number, top: number];

/** Four images that meet at the origin. */
function layFour(sizes: readonly Size[]): readonly Corner[] {
  return sizes.map(({ width, height }, i) => [i % 2 === 0 ? -width : 0, i < 2 ? -height : 0]);
}

/**
 * Eight images around the first, whose top left corner is the origin: clockwise from above it, each adjacent to the
 * previous one.
 */
function layNine(sizes: readonly Size[]): readonly Corner[] {
  const [center, above, , right, , below, , left] = sizes as readonly [Size, ...Size[]];
  const corner = (i: number, { width, height }: Size): Corner => {
    switch (i) {
      case 1:
        return [0, -height];
      case 2:
        return [above!.width, -height];
      case 3:
        return [center.width, 0];
      case 4:
        return [center.width, right!.height];
      case 5:
        return [center.width - width, center.height];
      case 6:
        return [center.width - below!.width - width, center.height];
      case 7:
        return [-width, center.height - height];
      case 8:
        return [-width, center.height - left!.height - height];
      default:
        return [0, 0];
    }
  };
  return sizes.map((size, i) => corner(i, size));
}

/**
 * Places four or nine images, each at its letterboxed size, edge to edge. The center of the view is random. For four
 * images, it is within half an input of the point where they meet. For nine, it is inside the first image.
 * @param view returns the matrix from scene to output image, given the scene point for the center of the output image
 */
export function mosaic(
  images: readonly LabeledImage[],
  input: Size,
  view: (center: readonly [x: number, y: number]) => Matrix,
  random: () => number,
): readonly Tile[] {
  const places = images.map(({ image }) => placeImage(image, input, 'letterbox'));
  const [x, y] = [random(), random()];
  const four = images.length === 4;
  const corners = four ? layFour(places) : layNine(places);
  const { width, height } = places[0]!;
  const matrix = view(four ? [input.width * (x - 0.5), input.height * (y - 0.5)] : [x * width, y * height]);
  return images.map(({ image, objects }, i) => {
    const place = places[i]!;
    const scale = scaling(place.width / image.width, place.height / image.height);
    return { image, objects, matrix: compose(matrix, translation(...corners[i]!), scale) };
  });
}
