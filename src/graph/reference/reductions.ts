import type { Operation, Reduction } from '../operations.ts';
import { mapElements } from './elementwise.ts';
import { broadcastStrides, type ReferenceTensor, viewPositions, zeros } from './tensor.ts';

const steps: Readonly<Record<Reduction, (result: number, value: number) => number>> = {
  sum: (sum, value) => sum + value,
  mean: (sum, value) => sum + value,
  max: (max, value) => Math.max(max, value),
  sumOfSquares: (sum, value) => sum + value * value,
};

export function reduce(name: Reduction, axes: readonly number[], x: ReferenceTensor): ReferenceTensor {
  const y = zeros(x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)));
  if (name === 'max') y.data.fill(Number.NEGATIVE_INFINITY);
  const targets = viewPositions(x.shape, broadcastStrides(y.shape, x.shape));
  x.data.forEach((value, at) => {
    const target = targets[at]!;
    y.data[target] = steps[name](y.data[target]!, value);
  });
  const count = x.data.length / y.data.length;
  return name === 'mean' ? mapElements([y], (sum) => sum / count) : y;
}

export function topK({ k }: Operation & { op: 'topK' }, x: ReferenceTensor): ReferenceTensor {
  const length = x.shape.at(-1)!;
  const y = zeros(x.shape.with(-1, k));
  for (let row = 0; row < x.data.length / length; row++) {
    const descending = x.data.slice(row * length, (row + 1) * length).sort((a, b) => b - a);
    y.data.set(descending.subarray(0, k), row * k);
  }
  return y;
}

/** The largest is taken off first, so that exp does not overflow. */
export function softmax(axis: number, x: ReferenceTensor): ReferenceTensor {
  const powers = mapElements([x, reduce('max', [axis], x)], (value, max) => Math.exp(value - max));
  return mapElements([powers, reduce('sum', [axis], powers)], (power, sum) => power / sum);
}
