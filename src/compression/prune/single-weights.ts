import type { Tensor, Tensors } from '../../graph/operations.ts';

/**
 * Sets the smallest weights of all kernels to 0, wherever they are. The network keeps its shape and its speed, because
 * dense kernels also multiply by zeros.
 * @param share share of all kernel weights to set to 0, 0–1
 */
export function pruneSingleWeights(weights: Tensors, share: number): Tensors {
  const isKernel = ({ shape }: Tensor) => shape.length > 1;
  const sizes = [...weights.values()].filter(isKernel).map(({ data }) => data.map(Math.abs));
  const all = new Float32Array(sizes.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const values of sizes) {
    all.set(values, at);
    at += values.length;
  }
  all.sort();
  const count = Math.round(share * all.length);
  const limit = count === 0 ? -1 : all[count - 1]!;
  return new Map(
    [...weights].map(([name, tensor]): [string, Tensor] => {
      if (!isKernel(tensor)) return [name, tensor];
      return [name, { ...tensor, data: tensor.data.map((value) => (Math.abs(value) <= limit ? 0 : value)) }];
    }),
  );
}
