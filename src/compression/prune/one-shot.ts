import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { networkCost } from '../../network/cost.ts';
import type { Network } from '../../network/layers.ts';
import { groupImportance, type ImportanceOptions, leastImportant } from './importance.ts';
import { narrow, narrower, type Prunable, widths } from './thin-model.ts';

export interface OneShotOptions {
  /** Channels per block in the runtime's layout. Widths stay multiples of it. */
  readonly block: number;
  readonly importance: ImportanceOptions;
  /** Cost that must reach the target: multiply-accumulates, or milliseconds. */
  cost(network: Network): Promise<number> | number;
  /** The cost to reach, the option that sets it, and how costs are written in messages. */
  readonly target: {
    readonly value: number;
    readonly option: string;
    show(cost: number): string;
  };
  /** Called after each step. */
  onStep?(cost: number): void;
}

/**
 * Makes a network thinner, without training in between, until its cost reaches the target. It removes block after
 * block, always the one with the least loss of importance per multiply-accumulate saved.
 * @throws MicroYoloError `invalid-argument` if the target is not below the current cost, or cannot be reached
 */
export async function pruneOnce<Model extends Prunable>(
  model: Model,
  options: OneShotOptions,
): Promise<Model> {
  const { block, importance } = options;
  const { value: target, option: name, show } = options.target;
  let current = model;
  let cost = await options.cost(model.network);
  if (cost <= target) {
    throw new MicroYoloError(
      'invalid-argument',
      `${name} ${show(target)}: ${model.network.name} already costs ${show(cost)}, expected less than that`,
      { field: name, received: target },
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
      // Groups have different scales, so the loss counts as a share of the group's importance.
      const price = lost / values.reduce((sum, value) => sum + value, Number.MIN_VALUE) / Math.max(1, saved);
      if (!best || price < best.price) best = { model: thinner, price };
    }
    if (!best) {
      throw new MicroYoloError(
        'invalid-argument',
        `${name} ${show(target)}: ${model.network.name} at its narrowest costs ${show(cost)}; expected more than that`,
        { field: name, received: target },
      );
    }
    current = best.model;
    cost = await options.cost(current.network);
    options.onStep?.(cost);
  }
  return current;
}
