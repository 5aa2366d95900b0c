import type { Operation } from '../operations.ts';
import { transpose } from './arrangement.ts';
import { mapElements } from './elementwise.ts';
import { type ReferenceTensor, zeros } from './tensor.ts';

function withLastAxesSwapped(x: ReferenceTensor): ReferenceTensor {
  const axes = x.shape.map((_, axis) => axis);
  return transpose([...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!], x);
}

/** a [..., M, K] · b [..., K, N], each transposed first where the operation says so. */
export function matMul(
  { transposeA, transposeB }: Omit<Operation & { op: 'matMul' }, 'op'>,
  first: ReferenceTensor,
  second: ReferenceTensor,
): ReferenceTensor {
  const a = transposeA ? withLastAxesSwapped(first) : first;
  const b = transposeB ? withLastAxesSwapped(second) : second;
  const [rows, inner, columns] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
  const y = zeros(a.shape.with(-1, columns));
  let at = 0;
  for (let matrix = 0; matrix < a.data.length / (rows * inner); matrix++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        let sum = 0;
        for (let k = 0; k < inner; k++)
          sum +=
            a.data[(matrix * rows + row) * inner + k]! * b.data[(matrix * inner + k) * columns + column]!;
        y.data[at++] = sum;
      }
  return y;
}

export function dense(
  x: ReferenceTensor,
  weight: ReferenceTensor,
  bias: ReferenceTensor | undefined,
): ReferenceTensor {
  const y = matMul({ transposeA: false, transposeB: true }, x, weight);
  return bias ? mapElements([y, bias], (value, offset) => value + offset) : y;
}
