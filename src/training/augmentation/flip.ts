import { type LabeledImage, withBoxes } from './labeled-image.ts';

/** Flips left and right. */
export function flipHorizontally({ image, objects }: LabeledImage): LabeledImage {
  const { data: source, width, height } = image;
  const data = new Uint8Array(source.length);
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0, to = 3 * ((y + 1) * width - 1); x < width; x++, from += 3, to -= 3) {
      data[to] = source[from]!;
      data[to + 1] = source[from + 1]!;
      data[to + 2] = source[from + 2]!;
    }
  }
  return {
    image: { data, width, height },
    objects: withBoxes(objects, ([left, top, right, bottom]) => [width - right, top, width - left, bottom]),
  };
}

/** Flips top and bottom. */
export function flipVertically({ image, objects }: LabeledImage): LabeledImage {
  const { data: source, width, height } = image;
  const data = new Uint8Array(source.length);
  const row = 3 * width;
  for (let y = 0; y < height; y++) {
    data.set(source.subarray(y * row, (y + 1) * row), (height - 1 - y) * row);
  }
  return {
    image: { data, width, height },
    objects: withBoxes(objects, ([left, top, right, bottom]) => [left, height - bottom, right, height - top]),
  };
}
