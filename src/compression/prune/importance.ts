import { uniformRandom } from '../../foundation/random.ts';
import type { Tensor, Tensors } from '../../graph/operations.ts';
import type { ChannelGroup, ChannelUnit } from '../../network/channels/groups.ts';
import type { IMPORTANCES } from '../../options/prune.ts';

/**
 * Measures of a channel's importance. `l1`, `l2`: the absolute sum or Euclidean norm of its filters. `norm-scale`: the
 * scale of its batch norms (https://arxiv.org/abs/1708.06519). `taylor`: the change of the loss without it, to first
 * order (https://arxiv.org/abs/1906.10771). `random`: random numbers, as a baseline.
 */
export type Importance = (typeof IMPORTANCES)[number];

export interface ImportanceOptions {
  readonly kind: Importance;
  /** Seed for `random`. */
  readonly seed: number;
  /** Mean gradients of the loss, by parameter. Needed for `taylor`. */
  readonly gradients?: Tensors | undefined;
}

function row({ shape, data }: Tensor, channel: number): Float32Array {
  const size = data.length / shape[0]!;
  return data.subarray(channel * size, (channel + 1) * size);
}

const absoluteSum = (values: Float32Array) => values.reduce((sum, value) => sum + Math.abs(value), 0);

/** Returns the importance of one channel of a layer, or undefined if this measure does not use the layer. */
function channelImportance(
  { kind, gradients }: ImportanceOptions,
  weights: Tensors,
  layer: string,
  channel: number,
): number | undefined {
  const weight = weights.get(`${layer}.weight`)!;
  const isNorm = weight.shape.length === 1;
  switch (kind) {
    case 'l1':
      return isNorm ? undefined : absoluteSum(row(weight, channel));
    case 'l2':
      return isNorm
        ? undefined
        : Math.sqrt(row(weight, channel).reduce((sum, value) => sum + value * value, 0));
    case 'norm-scale':
      return isNorm ? Math.abs(weight.data[channel]!) : undefined;
    case 'taylor': {
      const gradient = gradients?.get(`${layer}.weight`);
      if (!gradient) return undefined;
      const values = row(weight, channel);
      const slopes = row(gradient, channel);
      return values.reduce((sum, value, i) => sum + Math.abs(value * slopes[i]!), 0);
    }
    case 'random':
      return undefined;
  }
}

function unitImportance(options: ImportanceOptions, weights: Tensors, unit: ChannelUnit): number | undefined {
  const found = unit.flatMap(
    ({ layer, channel }) => channelImportance(options, weights, layer, channel) ?? [],
  );
  return found.length === 0 ? undefined : found.reduce((sum, value) => sum + value, 0);
}

/**
 * Returns the importance of each unit of a group, summed over all of its channels. If a measure finds nothing to use in
 * this group (no batch norm, no gradient), `l1` is used.
 */
export function groupImportance(
  { name, units }: ChannelGroup,
  weights: Tensors,
  options: ImportanceOptions,
): readonly number[] {
  if (options.kind === 'random') {
    let seed = options.seed;
    for (const character of name) seed = (Math.imul(seed, 31) + character.codePointAt(0)!) >>> 0;
    const random = uniformRandom(seed);
    return units.map(() => random());
  }
  return units.map(
    (unit) =>
      unitImportance(options, weights, unit) ??
      unitImportance({ ...options, kind: 'l1' }, weights, unit) ??
      0,
  );
}

/** Returns the indices of the least important units. */
export function leastImportant(importance: readonly number[], count: number): readonly number[] {
  return [...importance.keys()].sort((a, b) => importance[a]! - importance[b]! || a - b).slice(0, count);
}
