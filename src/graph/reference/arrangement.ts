import { elementCount } from '../../foundation/element-count.ts';
import type { Operation } from '../operations.ts';
import { broadcastStrides, type ReferenceTensor, rowMajorStrides, viewPositions, zeros } from './tensor.ts';

/** Elements of x read along strides. */
function view(
  x: ReferenceTensor,
  shape: readonly number[],
  strides: readonly number[],
  offset = 0,
): ReferenceTensor {
  const positions = viewPositions(shape, strides, offset);
  const y = zeros(shape);
  for (let at = 0; at < positions.length; at++) y.data[at] = x.data[positions[at]!]!;
  return y;
}

/** y with x written over it, x beginning at `start` of the axis. */
function place(y: ReferenceTensor, axis: number, start: number, x: ReferenceTensor): void {
  const strides = rowMajorStrides(y.shape);
  const positions = viewPositions(x.shape, strides, start * strides[axis]!);
  x.data.forEach((value, at) => {
    y.data[positions[at]!] = value;
  });
}

export function slice(axis: number, start: number, end: number, x: ReferenceTensor): ReferenceTensor {
  const strides = rowMajorStrides(x.shape);
  return view(x, x.shape.with(axis, end - start), strides, start * strides[axis]!);
}

export function split(
  { axis, sizes }: Operation & { op: 'split' },
  x: ReferenceTensor,
): readonly ReferenceTensor[] {
  let start = 0;
  return sizes.map((size) => {
    start += size;
    return slice(axis, start - size, start, x);
  });
}

export function concat(axis: number, parts: readonly ReferenceTensor[]): ReferenceTensor {
  const total = parts.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  const y = zeros(parts[0]!.shape.with(axis, total));
  let start = 0;
  for (const part of parts) {
    place(y, axis, start, part);
    start += part.shape[axis]!;
  }
  return y;
}

export function pad({ axis, before, after }: Operation & { op: 'pad' }, x: ReferenceTensor): ReferenceTensor {
  const y = zeros(x.shape.with(axis, before + x.shape[axis]! + after));
  place(y, axis, before, x);
  return y;
}

export function expand(shape: readonly number[], x: ReferenceTensor): ReferenceTensor {
  return view(x, shape, broadcastStrides(x.shape, shape));
}

export function transpose(permutation: readonly number[], x: ReferenceTensor): ReferenceTensor {
  const strides = rowMajorStrides(x.shape);
  return view(
    x,
    permutation.map((axis) => x.shape[axis]!),
    permutation.map((axis) => strides[axis]!),
  );
}

/** Every pixel becomes a square of factor × factor. */
export function upsample(factor: number, x: ReferenceTensor): ReferenceTensor {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const pixels: ReferenceTensor = { shape: [batch * channels, height, 1, width, 1], data: x.data };
  const squares = expand([batch * channels, height, factor, width, factor], pixels);
  return { shape: [batch, channels, height * factor, width * factor], data: squares.data };
}

export function reshape(shape: readonly number[], x: ReferenceTensor): ReferenceTensor {
  if (elementCount(shape) !== x.data.length)
    throw new Error(`reshape: ${x.shape.join('×')} does not have the elements of ${shape.join('×')}`);
  return { shape, data: x.data };
}
