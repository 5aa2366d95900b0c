import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { networkCost } from '../../network/cost.ts';
import type { Network } from '../../network/layers.ts';
import { groupImportance, type ImportanceOptions, leastImportant } from './importance.ts';
import { narrow, narrower, type Prunable, widths } from './thin-model.ts';

export interface OneShotOptions {
  /** Channels in a block of the runtime's layout: widths stay multiples of it. */
  readonly block: number;
  readonly importance: ImportanceOptions;
  /** What is to come down to the target: multiply-accumulates, or milliseconds. */
  cost(network: Network): Promise<number> | number;
  readonly target: number;
  /** Hears of each step. */
  onStep?(cost: number): void;
}

/**
 * Makes a network thinner until it costs no more than asked, without training between: block by block, always where the
 * least importance is lost for the multiply-accumulates saved.
 * @throws MicroYoloError `invalid-argument` if the target is above the cost, or below what is left at the narrowest
 */
export async function pruneOnce<Model extends Prunable>(
  model: Model,
  options: OneShotOptions,
): Promise<Model> {
  const { block, importance, target } = options;
  let current = model;
  let cost = await options.cost(model.network);
  if (cost <= target) {
    throw new MicroYoloError(
      'invalid-argument',
      `target ${target}: ${model.network.name} already costs ${Number(cost.toPrecision(4))}, expected less than that`,
    );
  }
  while (cost > target) {
    const { macs } = networkCost(current.network);
    let best: { readonly model: Model; readonly price: number } | undefined;
    for (const width of widths(current.network)) {
      const channels = narrower(width, block, 0);
      if (channels === undefined) continue;
      const thinner = narrow(current, width, channels, importance);
      const saved = macs - networkCost(thinner.network).macs;
      const values = groupImportance(width.group, current.weights, importance);
      const removed = leastImportant(values, values.length - Math.floor(channels / width.perUnit));
      const lost = removed.reduce((sum, place) => sum + values[place]!, 0);
      // Groups differ in scale: what counts is the share of a group's importance.
      const price = lost / values.reduce((sum, value) => sum + value, Number.MIN_VALUE) / Math.max(1, saved);
      if (!best || price < best.price) best = { model: thinner, price };
    }
    if (!best) {
      throw new MicroYoloError(
        'invalid-argument',
        `target ${target}: ${model.network.name} at its narrowest costs ${Number(cost.toPrecision(4))}; expected more than that`,
      );
    }
    current = best.model;
    cost = await options.cost(current.network);
    options.onStep?.(cost);
  }
  return current;
}
