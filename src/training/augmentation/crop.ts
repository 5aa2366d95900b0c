import type { XyxyPx } from '../../boxes/formats.ts';
import { between } from './between.ts';
import { type LabeledImage, withBoxes } from './labeled-image.ts';
import type { AugmentationOptions } from './options.ts';
import { visibleObjects } from './visible-objects.ts';

/** Crops an image to a window of whole pixels, and clips objects to it. */
function crop({ image, objects }: LabeledImage, window: XyxyPx, minimumVisibility: number): LabeledImage {
  const [left, top, right, bottom] = window;
  const [width, height] = [right - left, bottom - top];
  const data = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    const from = 3 * ((top + y) * image.width + left);
    data.set(image.data.subarray(from, from + 3 * width), 3 * y * width);
  }
  return {
    image: { data, width, height },
    objects: withBoxes(visibleObjects(objects, window, minimumVisibility), (box) => [
      box[0] - left,
      box[1] - top,
      box[2] - left,
      box[3] - top,
    ]),
  };
}

/** Crops a window with random position, width and height. */
export function randomCrop(
  labeled: LabeledImage,
  options: Pick<AugmentationOptions, 'cropSide' | 'minimumVisibility'>,
  random: () => number,
): LabeledImage {
  const { image } = labeled;
  const span = (length: number) => {
    const side = Math.max(1, Math.round(length * between(...options.cropSide, random)));
    const start = Math.floor((length - side + 1) * random());
    return [start, start + side] as const;
  };
  const [left, right] = span(image.width);
  const [top, bottom] = span(image.height);
  return crop(labeled, [left, top, right, bottom], options.minimumVisibility);
}
