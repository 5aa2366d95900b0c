import type { XyxyPx } from '../../boxes/formats.ts';

/** Affine map: x' = a·x + b·y + c, y' = d·x + e·y + f. As in boxes, coordinates refer to pixel edges. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export function translation(x: number, y: number): Matrix {
  return [1, 0, x, 0, 1, y];
}

export function scaling(x: number, y: number): Matrix {
  return [x, 0, 0, 0, y, 0];
}

/** Composes maps. The last one is applied first. */
export function compose(...matrices: readonly Matrix[]): Matrix {
  return matrices.reduce(([a, b, c, d, e, f], [p, q, r, s, t, u]) => [
    a * p + b * s,
    a * q + b * t,
    a * r + b * u + c,
    d * p + e * s,
    d * q + e * t,
    d * r + e * u + f,
  ]);
}

export function invert([a, b, c, d, e, f]: Matrix): Matrix {
  const determinant = a * e - b * d;
  const [p, q, s, t] = [e / determinant, -b / determinant, -d / determinant, a / determinant];
  return [p, q, -(p * c + q * f), s, t, -(s * c + t * f)];
}

/** Axis-aligned bounding box of a box's four mapped corners. */
export function mapBox([a, b, c, d, e, f]: Matrix, [left, top, right, bottom]: XyxyPx): XyxyPx {
  const x = [a * left + b * top, a * right + b * top, a * left + b * bottom, a * right + b * bottom];
  const y = [d * left + e * top, d * right + e * top, d * left + e * bottom, d * right + e * bottom];
  return [Math.min(...x) + c, Math.min(...y) + f, Math.max(...x) + c, Math.max(...y) + f];
}
