import { elementCount } from '../../foundation/element-count.ts';
import type { Tensor } from '../../graph/operations.ts';
import type { Factors, SplitLayer } from './kernel.ts';
import { multiply, transposed } from './truncated-svd.ts';

/** Flattens weights [O, I, kh, kw] or [O, I]: the last two axes become one of taps. */
function flat({ shape, data }: Tensor) {
  return { outputs: shape[0]!, inputs: shape[1]!, taps: elementCount(shape.slice(2)), data };
}

/** Merges two consecutive kernels: [M, S, first taps] and [T, M, second taps] → [T, S, first × second taps]. */
function joined(first: Tensor, second: Tensor): Float64Array {
  const [a, b] = [flat(first), flat(second)];
  // [T, second taps, M] · [M, S, first taps]
  const rows = new Float64Array(b.data.length);
  for (let t = 0; t < b.outputs; t++)
    for (let m = 0; m < b.inputs; m++)
      for (let tap = 0; tap < b.taps; tap++)
        rows[(t * b.taps + tap) * b.inputs + m] = b.data[(t * b.inputs + m) * b.taps + tap]!;
  const all = multiply(rows, Float64Array.from(a.data), a.outputs);
  // → [T, S, first taps, second taps]
  const turned = new Float64Array(all.length);
  const length = a.inputs * a.taps;
  for (let t = 0; t < b.outputs; t++)
    turned.set(
      transposed(all.subarray(t * b.taps * length, (t + 1) * b.taps * length), b.taps),
      t * b.taps * length,
    );
  return turned;
}

/** Returns the kernel that the factors multiply to, in the shape of the original kernel. */
export function product({ layers, weights }: Factors, { weight }: SplitLayer): Tensor {
  const [first, ...rest] = layers.map(({ name }) => weights.get(`${name}.weight`)!);
  let whole = first!;
  for (const next of rest) {
    const [outputs, inputs] = [next.shape[0]!, whole.shape[1]!];
    const data = Float32Array.from(joined(whole, next));
    // If both factors have taps, the first is tall and the second is wide, so their product is in row-major order.
    whole = { shape: [outputs, inputs, data.length / outputs / inputs], data };
  }
  return { shape: weight.shape, data: whole.data };
}
