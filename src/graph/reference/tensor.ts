import { elementCount } from '../../foundation/element-count.ts';

/** A tensor in double precision. Truth values are 1 and 0, bytes their numbers. */
export interface ReferenceTensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** A tensor of zeros, to be filled by whoever asked for it. */
export function zeros(shape: readonly number[]): ReferenceTensor {
  return { shape, data: new Float64Array(elementCount(shape)) };
}

/** How far apart neighbors along each axis lie: [2, 3, 4] → [12, 4, 1]. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
}

/**
 * Where the elements of a strided view lie in its data, row by row.
 * Shape [2, 3] with strides [1, 2], a transposed 3 × 2 matrix: 0, 2, 4, 1, 3, 5.
 * @param strides 0 repeats an axis
 * @param offset of the first element
 */
export function viewPositions(
  shape: readonly number[],
  strides: readonly number[],
  offset = 0,
): Int32Array<ArrayBuffer> {
  let positions = Int32Array.of(offset);
  shape.forEach((size, axis) => {
    const finer = new Int32Array(positions.length * size);
    for (let p = 0; p < positions.length; p++)
      for (let i = 0; i < size; i++) finer[p * size + i] = positions[p]! + i * strides[axis]!;
    positions = finer;
  });
  return positions;
}

/** Strides that repeat a tensor to a shape of the same rank or higher: 0 where it has size 1 or no axis. */
export function broadcastStrides(from: readonly number[], to: readonly number[]): number[] {
  const strides = rowMajorStrides(from);
  const added = to.length - from.length;
  return to.map((_, axis) => ((from[axis - added] ?? 1) === 1 ? 0 : strides[axis - added]!));
}
