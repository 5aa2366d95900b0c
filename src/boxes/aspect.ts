import type { Size } from './formats.ts';

/** Whether one image is a resized copy of the other, with sides rounded to whole pixels. */
export function haveOneAspect(a: Size, b: Size): boolean {
  const longest = Math.max(a.width, a.height, b.width, b.height);
  return Math.abs(a.width * b.height - a.height * b.width) <= longest;
}

/**
 * Returns the size whose pixels an image's boxes refer to. This is the size stated in the data set, even if the image
 * was resized since. If the aspect ratio differs, or no size is stated (0), it is the image's own size.
 */
export function sizeOfBoxes(picture: Size, { width, height }: Size): Size {
  const isStated = width > 0 && height > 0;
  return isStated && haveOneAspect(picture, { width, height }) ? { width, height } : picture;
}
