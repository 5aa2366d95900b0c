import type { Size } from './formats.ts';

/** Whether one picture is the other made larger or smaller, its sides rounded to whole pixels. */
export function haveOneAspect(a: Size, b: Size): boolean {
  const longest = Math.max(a.width, a.height, b.width, b.height);
  return Math.abs(a.width * b.height - a.height * b.width) <= longest;
}

/**
 * The size in whose pixels a picture's boxes are: what its data set says, also where the picture was made smaller or larger
 * since; of another aspect, that of the picture itself.
 */
export function sizeOfBoxes(picture: Size, { width, height }: Size): Size {
  return haveOneAspect(picture, { width, height }) ? { width, height } : picture;
}
