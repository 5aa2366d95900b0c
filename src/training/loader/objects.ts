import { clipToImage, xywhToXyxy } from '../../boxes/formats.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import type { Truth } from '../assigners/targets.ts';

/** The objects of an image, in pixels of the upright original. */
export interface ImageObjects {
  readonly width: number;
  readonly height: number;
  readonly objects: readonly Truth[];
}

/**
 * The true objects of each image, in the order of `dataset.images`; classes are the data set's categories in
 * their order. Boxes are cut at their image's edges; crowds, which are no single objects, and boxes of no area there are
 * left out.
 */
export function objectsByImage({ images, annotations }: Dataset): readonly ImageObjects[] {
  const objects: Truth[][] = images.map(() => []);
  for (let row = 0; row < annotations.count; row++) {
    if (annotations.crowd[row] === 1) continue;
    const [left, top, width, height] = annotations.boxes.subarray(4 * row, 4 * row + 4);
    const image = annotations.images[row]!;
    const box = clipToImage(xywhToXyxy([left!, top!, width!, height!]), images[image]!);
    if (!(box[2] > box[0] && box[3] > box[1])) continue;
    objects[image]!.push({ box, classId: annotations.categories[row]! });
  }
  return images.map(({ width, height }, index) => ({ width, height, objects: objects[index]! }));
}
