import type { Tensor, Tensors } from '../graph/operations.ts';
import { type ClassChannels, classChannels } from '../network/class-channels.ts';
import type { Network } from '../network/layers.ts';
import { type MatchedClasses, matchClasses } from './match-classes.ts';
import type { Model } from './model.ts';

/** Weights with their network and classes. They may cover only a part of the network. */
export type ClassedWeights = Pick<Model, 'network' | 'classes' | 'weights'>;

export interface Transfer {
  readonly weights: Tensors;
  /** Names of the tensors that were taken. If classes are new, the channels of these were not. */
  readonly taken: readonly string[];
  /** Names of tensors that the other model lacks, or has in another shape. */
  readonly left: readonly string[];
  readonly classes: MatchedClasses;
}

const layerOf = (tensor: string) => tensor.slice(0, tensor.lastIndexOf('.'));

/** Copies rows of another tensor: those of matching classes, and those before the classes. Other rows stay. */
function takeRows(
  start: Tensor,
  from: Tensor,
  own: ClassChannels,
  other: ClassChannels,
  places: MatchedClasses['places'],
): Tensor | undefined {
  const [rows = 0, ...rest] = start.shape;
  const [otherRows, ...otherRest] = from.shape;
  const [group, otherGroup] = [own.before + own.classes, other.before + other.classes];
  const fits =
    own.groups === other.groups &&
    own.before === other.before &&
    rest.join() === otherRest.join() &&
    rows === own.groups * group &&
    otherRows === other.groups * otherGroup;
  const isAny = own.before > 0 || places.some((place) => place !== undefined);
  if (!fits || !isAny) return undefined;
  const size = start.data.length / rows;
  const data = start.data.slice();
  for (let row = 0; row < rows; row++) {
    const field = row % group;
    const taken = field < own.before ? field : places[field - own.before];
    if (taken === undefined) continue;
    const otherField = field < own.before ? taken : own.before + taken;
    const source = Math.floor(row / group) * otherGroup + otherField;
    data.set(from.data.subarray(source * size, (source + 1) * size), row * size);
  }
  return { shape: start.shape, data };
}

/**
 * Replaces initial weights by those of another model that match in name and shape. Channels that belong to classes are
 * matched by class name, whatever the numbers of classes are. New classes keep their initial weights.
 */
export function transferWeights(start: ClassedWeights, from: ClassedWeights): Transfer {
  const classes = matchClasses(start.classes, from.classes);
  const [own, other] = [classChannels(start.network), classChannels(from.network)];
  const take = (name: string, tensor: Tensor): Tensor | undefined => {
    const found = from.weights.get(name);
    if (!found) return undefined;
    const [mine, theirs] = [own.get(layerOf(name)), other.get(layerOf(name))];
    if (mine && theirs) return takeRows(tensor, found, mine, theirs, classes.places);
    // Channels belong to classes in only one of the two networks.
    if (mine || theirs) return undefined;
    return found.shape.join() === tensor.shape.join() ? found : undefined;
  };
  const taken: string[] = [];
  const left: string[] = [];
  const weights = new Map(
    [...start.weights].map(([name, tensor]) => {
      const fitting = take(name, tensor);
      (fitting ? taken : left).push(name);
      return [name, fitting ?? tensor];
    }),
  );
  return { weights, taken, left, classes };
}

/** Whether all output layers of a network are among the tensors that were taken. New classes do not count. */
export function coversOutputs(network: Network, taken: Iterable<string>): boolean {
  const names = new Set(taken);
  return [...classChannels(network).keys()].every((layer) => names.has(`${layer}.weight`));
}
