import type { Window } from './operations.ts';

type Sides = readonly [height: number, width: number];

/** Whether a pool's windows lie side by side and cover its input: each pixel is then in just one, at its place. */
export function isTiling(
  { kernel, stride, padding: [top, left] }: Window,
  input: Sides,
  output: Sides,
): boolean {
  const covers = input[0] === output[0] * stride && input[1] === output[1] * stride;
  return kernel === stride && covers && top === 0 && left === 0;
}
