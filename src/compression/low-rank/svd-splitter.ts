import type { Tensor } from '../../graph/operations.ts';
import { lostBeyond, ranksOf, type SplitLayer, type Splitter, scaledRows, unscaledRows } from './kernel.ts';
import { TruncatedSvd } from './truncated-svd.ts';

/** Splits a 1×1 convolution or a dense layer into two of its kind. */
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
    factors([rank], named) {
      const { left, right } = svd.factors(rank!);
      const first = named('in');
      const narrow: Tensor = { shape: [rank!, inputs, ...spatial], data: Float32Array.from(right) };
      const wide = unscaledRows(left, [outputs, rank!, ...spatial], split);
      const layers =
        layer.type === 'dense'
          ? [
              { ...layer, name: first, outFeatures: rank!, bias: false },
              { ...layer, inputs: [first] },
            ]
          : [
              { ...layer, name: first, outChannels: rank!, bias: false },
              // The first has moved the window already.
              { ...layer, inputs: [first], stride: 1, padding: [0, 0, 0, 0] as const },
            ];
      return {
        layers,
        weights: new Map([
          [`${first}.weight`, narrow],
          [`${layer.name}.weight`, wide],
        ]),
      };
    },
  };
}
