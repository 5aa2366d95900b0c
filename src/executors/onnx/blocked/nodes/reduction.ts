import type { Node, Operation, Value } from '../../../../graph/operations.ts';
import { pixelSums } from '../channels.ts';
import type { BlockedValues, Shape4 } from '../values.ts';

/** Sums and means over pixels (and images), and a packed weight's sum of squares. */
export function lowerReduce(
  values: BlockedValues,
  { inputs, outputs }: Node,
  operation: Operation & { op: 'reduce' },
): boolean {
  const { to } = values;
  const [x] = inputs as [Value];
  const [y] = outputs as [Value];
  const { kernel } = values.of(x);
  if (kernel !== undefined && operation.function === 'sumOfSquares' && operation.axes.length === 4) {
    // In two stages: one running sum over millions of squares loses digits.
    const rows = to.op('ReduceSumSquare', [kernel], { axes: [1, 2, 3], keepdims: 1 });
    values.set(y, { plain: to.sum(rows, [0], true) });
    return true;
  }
  if (!values.isBlocked(x)) return false;
  const isSum = operation.function === 'sum' || operation.function === 'mean';
  const axes = operation.axes.join();
  if (!isSum || (axes !== '2,3' && axes !== '0,2,3')) return false;
  const [batch, channels, height, width] = x.shape as Shape4;
  const all = axes === '0,2,3';
  const sums = pixelSums(to, values.map(x));
  const total = all ? to.sum(sums, [0], true) : sums;
  const cut = values.isFilled(x) ? total : to.slice(total, [1], [0], [channels]);
  const count = height * width * (all ? batch : 1);
  const scaled = operation.function === 'mean' ? to.op('Mul', [cut, to.scalar(1 / count)]) : cut;
  values.set(y, { plain: to.reshape(scaled, [all ? 1 : batch, channels, 1, 1]) });
  return true;
}
