import { inferShapes } from '../../network/shapes.ts';
import { factorCost, kernelCost } from '../low-rank/factor-cost.ts';
import { type Method, ranksOf, type SplitLayer } from '../low-rank/kernel.ts';
import { methodsOf } from '../low-rank/splitters.ts';
import { narrower, type Prunable, widths } from '../prune/thin-model.ts';
import { croppedSide } from './crop-kernel.ts';
import type { Move } from './moves.ts';

/** Share of a group's channels that one move removes, rounded to blocks. */
const NARROWING = 0.125;
/**
 * Maximum multiply-accumulates of a decomposed kernel, relative to the original. A larger share would hardly save time.
 */
const FACTOR_SHARE = 0.6;

/** Returns the largest ranks at which a kernel is cheap enough. Undefined if even the smallest ranks cost too much. */
function ranksFor(split: SplitLayer, method: Method, block: number): readonly number[] | undefined {
  const [outputs, inputs] = split.weight.shape as [number, number];
  const most = FACTOR_SHARE * kernelCost(split, 'macs');
  const fits = (ranks: readonly number[]) => factorCost(split, method, ranks, 'macs') <= most;
  if (method !== 'tucker') {
    const rank = ranksOf(Math.min(outputs, inputs), block).findLast((each) => fits([each]));
    return rank === undefined ? undefined : [rank];
  }
  // The ranks are the same share of the inputs and of the outputs.
  const shares = ranksOf(outputs, block).map((r4) => {
    const r3 = Math.max(block, Math.round((r4 / outputs) * (inputs / block)) * block);
    return [Math.min(r3, inputs), r4];
  });
  return shares.findLast(fits);
}

/**
 * Proposes all moves that may make a model faster. Each group of channels is narrowed by an eighth, or at least one
 * block. Each kernel is cropped, and decomposed by each method.
 * @param block channels per block in the runtime's layout; widths and ranks stay multiples of it
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
