import { inferShapes } from '../../network/shapes.ts';
import { factorCost, kernelCost } from '../low-rank/factor-cost.ts';
import { type Method, ranksOf, type SplitLayer } from '../low-rank/kernel.ts';
import { methodsOf } from '../low-rank/splitters.ts';
import { narrower, type Prunable, widths } from '../prune/thin-model.ts';
import { croppedSide } from './crop-kernel.ts';
import type { Move } from './moves.ts';

/** Share of a group's channels that one move removes, in blocks. */
const NARROWING = 0.125;
/** Multiply-accumulates that are left of a kernel in factors: more of them would hardly save time. */
const FACTOR_SHARE = 0.6;

/** The largest ranks with which a kernel costs little enough; undefined if even the smallest cost too much. */
function ranksFor(split: SplitLayer, method: Method, block: number): readonly number[] | undefined {
  const [outputs, inputs] = split.weight.shape as [number, number];
  const most = FACTOR_SHARE * kernelCost(split, 'macs');
  const fits = (ranks: readonly number[]) => factorCost(split, method, ranks, 'macs') <= most;
  if (method !== 'tucker') {
    const rank = ranksOf(Math.min(outputs, inputs), block).findLast((each) => fits([each]));
    return rank === undefined ? undefined : [rank];
  }
  // Of inputs and outputs the same share.
  const shares = ranksOf(outputs, block).map((r4) => {
    const r3 = Math.max(block, Math.round((r4 / outputs) * (inputs / block)) * block);
    return [Math.min(r3, inputs), r4];
  });
  return shares.findLast(fits);
}

/**
 * All moves that may make a model faster: each group of channels by an eighth, or a block at least; each kernel without its
 * rim; each kernel in factors, by each method.
 * @param block channels in a block of the runtime's layout: widths and ranks stay multiples of it
 */
export function proposeMoves({ network, weights }: Prunable, block: number): readonly Move[] {
  const narrowings = widths(network).flatMap((width): Move[] => {
    const to = narrower(width, block, NARROWING);
    const { channels, group } = width;
    return to === undefined ? [] : [{ kind: 'width', group: group.name, from: channels, to }];
  });
  const shapes = inferShapes(network);
  const ofKernels = network.layers.flatMap((layer): Move[] => {
    if (layer.type !== 'conv' && layer.type !== 'dense') return [];
    const { name } = layer;
    const side = croppedSide(layer);
    const crop: Move[] =
      side === undefined ? [] : [{ kind: 'kernel', layer: name, from: side + 2, to: side }];
    const split = { layer, input: shapes.get(layer.inputs[0]!)!, weight: weights.get(`${name}.weight`)! };
    const factors = methodsOf(layer).flatMap((method): Move[] => {
      const ranks = ranksFor(split, method, block);
      return ranks ? [{ kind: 'rank', layer: name, method, ranks: [...ranks] }] : [];
    });
    return [...crop, ...factors];
  });
  return [...narrowings, ...ofKernels];
}
