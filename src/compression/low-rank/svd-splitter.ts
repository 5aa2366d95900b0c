import type { Tensor } from '../../graph/operations.ts';
import { factorLayers } from './factor-layers.ts';
import { lostBeyond, ranksOf, type SplitLayer, type Splitter, scaledRows, unscaledRows } from './kernel.ts';
import { TruncatedSvd } from './truncated-svd.ts';

/** Splits a 1×1 convolution or a dense layer into two layers of the same type. */
export function svdSplitter(split: SplitLayer): Splitter {
  const { layer, weight } = split;
  const [outputs, inputs] = weight.shape as [number, number];
  const svd = new TruncatedSvd(scaledRows(split), outputs);
  const spatial = weight.shape.length === 4 ? [1, 1] : [];
  return {
    method: 'svd',
    choices: (block) =>
      ranksOf(svd.energies.length, block).map((rank) => ({
        method: 'svd',
        ranks: [rank],
        lost: lostBeyond(svd.energies, rank),
      })),
    factors(ranks, named) {
      const [rank] = ranks as [number];
      const { left, right } = svd.factors(rank);
      const narrow: Tensor = { shape: [rank, inputs, ...spatial], data: Float32Array.from(right) };
      const wide = unscaledRows(left, [outputs, rank, ...spatial], split);
      const layers = factorLayers(layer, 'svd', ranks, named);
      return {
        layers,
        weights: new Map([
          [`${layers[0].name}.weight`, narrow],
          [`${layer.name}.weight`, wide],
        ]),
      };
    },
  };
}
