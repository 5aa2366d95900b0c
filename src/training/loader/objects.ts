import type { Dataset } from '../../datasets/dataset.ts';
import { usableBox } from '../../datasets/usable-boxes.ts';
import type { Truth } from '../assigners/targets.ts';

/** The objects of an image, in pixels of the upright original. */
export interface ImageObjects {
  readonly width: number;
  readonly height: number;
  readonly objects: readonly Truth[];
}

/**
 * The true objects of each image, in the order of `dataset.images`; classes are the data set's categories in
 * their order. Boxes are cut at their image's edges; crowds, which are no single objects, and boxes of which less than half
 * a pixel is inside are left out.
 */
export function objectsByImage(dataset: Dataset): readonly ImageObjects[] {
  const { images, annotations } = dataset;
  const objects: Truth[][] = images.map(() => []);
  for (let row = 0; row < annotations.count; row++) {
    const box = usableBox(dataset, row);
    if (typeof box === 'string') continue;
    objects[annotations.images[row]!]!.push({ box, classId: annotations.categories[row]! });
  }
  return images.map(({ width, height }, index) => ({ width, height, objects: objects[index]! }));
}
