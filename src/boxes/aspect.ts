import type { Size } from './formats.ts';

/** Whether one picture is the other made larger or smaller, its sides rounded to whole pixels. */
export function haveOneAspect(a: Size, b: Size): boolean {
  return (
    Math.abs(a.width * b.height - a.height * b.width) <= 2 * Math.max(b.width, b.height, a.width, a.height)
  );
}
