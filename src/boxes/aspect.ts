import type { Size } from './formats.ts';

/** Whether one picture is the other made larger or smaller, its sides rounded to whole pixels. */
export function haveOneAspect(a: Size, b: Size): boolean {
  const longest = Math.max(a.width, a.height, b.width, b.height);
  return Math.abs(a.width * b.height - a.height * b.width) <= longest;
}
