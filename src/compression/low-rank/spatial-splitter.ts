import type { ConvLayer } from '../../network/layers.ts';
import { factorLayers } from './factor-layers.ts';
import { lostBeyond, ranksOf, type SplitLayer, type Splitter, scaledRows, unscaledRows } from './kernel.ts';
import { TruncatedSvd } from './truncated-svd.ts';

/** [T, S, k, k] → [S · rows, T · columns] */
function unfolded(kernel: Float64Array, [outputs, inputs, tall, wide]: readonly number[]): Float64Array {
  const matrix = new Float64Array(kernel.length);
  let at = 0;
  for (let t = 0; t < outputs!; t++)
    for (let s = 0; s < inputs!; s++)
      for (let y = 0; y < tall!; y++)
        for (let x = 0; x < wide!; x++)
          matrix[(s * tall! + y) * outputs! * wide! + t * wide! + x] = kernel[at++]!;
  return matrix;
}

/** Splits a k×k convolution of stride 1 into k×1 and 1×k. */
export function spatialSplitter(split: SplitLayer & { readonly layer: ConvLayer }): Splitter {
  const { layer, weight } = split;
  const [outputs, inputs, tall, wide] = weight.shape as [number, number, number, number];
  const svd = new TruncatedSvd(unfolded(scaledRows(split), weight.shape), inputs * tall);
  return {
    method: 'spatial',
    choices: (block) =>
      ranksOf(svd.energies.length, block).map((rank) => ({
        method: 'spatial',
        ranks: [rank],
        lost: lostBeyond(svd.energies, rank),
      })),
    factors(ranks, named) {
      const [rank] = ranks;
      const factors = svd.factors(rank!);
      const layers = factorLayers(layer, 'spatial', ranks, named);
      const vertical = new Float32Array(rank! * inputs * tall);
      for (let row = 0; row < inputs * tall; row++)
        for (let r = 0; r < rank!; r++) vertical[r * inputs * tall + row] = factors.left[row * rank! + r]!;
      const horizontal = new Float64Array(outputs * rank! * wide);
      for (let r = 0; r < rank!; r++)
        for (let t = 0; t < outputs; t++)
          for (let x = 0; x < wide; x++)
            horizontal[(t * rank! + r) * wide + x] = factors.right[(r * outputs + t) * wide + x]!;
      return {
        layers,
        weights: new Map([
          [`${layers[0].name}.weight`, { shape: [rank!, inputs, tall, 1], data: vertical }],
          [`${layer.name}.weight`, unscaledRows(horizontal, [outputs, rank!, 1, wide], split)],
        ]),
      };
    },
  };
}
