import { basename, extname } from 'node:path';
import { isAddress } from '../../foundation/addresses.ts';
import { firstNames, MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import { initializeWeights } from '../../models/initialize.ts';
import { isModelName, loadStart } from '../../models/load.ts';
import { describeMatch } from '../../models/match-classes.ts';
import { DEFAULT_RECIPE, type InputRecipe, type Model, type Provenance } from '../../models/model.ts';
import { coversOutputs, type Transfer, transferWeights } from '../../models/transfer.ts';
import type { Network } from '../../network/layers.ts';
import { isNetworkName } from '../../network/registry.ts';
import type { TrainingSettings } from '../../training/run/settings.ts';

export interface StartWeights {
  readonly weights: Transfer['weights'];
  readonly recipe: InputRecipe;
  /** What the finished model says of the one that it began with. */
  readonly provenance?: Provenance;
  /** The network whose output layers were taken, for the same classes or others: its anchors belong to them. */
  readonly outputsOf?: Network;
}

/**
 * Which model a run starts from, if any. With a Darknet `.cfg` a weights file is the cfg's own; any other name or path is of
 * a model to start from.
 */
function startSource({ model, weights }: TrainingSettings) {
  const isCfg = extname(model).toLowerCase() === '.cfg';
  if (weights !== null && isCfg && !isModelName(weights)) return { path: model, weights, label: weights };
  // A model file brings its own weights, where none are named.
  const path = weights ?? (isNetworkName(model) ? undefined : model);
  return path === undefined ? undefined : { path, weights: undefined, label: path };
}

/** What was taken and what not, one line each. */
function tellTransfer(
  { taken, left, classes: match }: Transfer,
  { network, classes }: Pick<Model, 'network' | 'classes'>,
  other: Model,
  label: string,
): readonly string[] {
  const more = left.length > 6 ? ' …' : '';
  const anew = left.length > 0 ? `; initialized at random: ${left.slice(0, 6).join(', ')}${more}` : '';
  const count = `${taken.length} of ${taken.length + left.length} tensors taken from ${label}${anew}`;
  const isMatched = match.places.some((place) => place !== undefined);
  if (!isMatched || coversOutputs(network, taken)) {
    return [count, describeMatch(match, classes, other.classes, label)];
  }
  const none = `0 of ${classes.length} classes taken from ${label}, which has none of the output layers`;
  return [count, `${none}; new: ${firstNames(classes)}`];
}

/** Terms of the weights that a run begins with hold for what it makes of them, and of that. */
function startProvenance({ provenance }: Model, label: string): Provenance {
  const { source, license, 'initial weights': first } = provenance;
  // Neither a folder of this machine nor a key in an address.
  const name = basename(isAddress(label) ? new URL(label).pathname : label);
  const own = source === undefined ? name : `${name}: ${source}`;
  return { 'initial weights': first ?? own, ...(license === undefined ? {} : { license }) };
}

/**
 * What a network begins with: drawn by the seed, and what fits of the weights that the settings name, or else of
 * the model file. Channels of classes follow their names.
 * @param classes names of the network's
 * @throws MicroYoloError if nothing fits
 */
export async function startWeights(
  network: Network,
  classes: readonly string[],
  settings: TrainingSettings,
  onNote: (message: string) => void,
): Promise<StartWeights> {
  const start = { network, classes, weights: initializeWeights(network, settings.seed) };
  const source = startSource(settings);
  if (source === undefined) return { weights: start.weights, recipe: DEFAULT_RECIPE };
  const { path, label } = source;
  const { model: other, warnings, summary } = await loadStart(path, { weights: source.weights });
  for (const note of summary === undefined ? warnings : [...warnings, summary]) onNote(note);
  // Training places images so, whatever the other model did; using the model must do the same.
  const { resize, resampling } = DEFAULT_RECIPE;
  const recipe = { ...other.recipe, resize, resampling };
  if (other.weights.size === 0) return { weights: start.weights, recipe };
  const transfer = transferWeights(start, other);
  if (transfer.taken.length === 0) {
    throw new MicroYoloError(
      'invalid-argument',
      `weights ${label}: no tensor fits ${network.name} by name and shape; leave out ${option('model')} to train the network of the weights, or choose weights of the same kind`,
      { field: 'weights', received: label },
    );
  }
  for (const line of tellTransfer(transfer, start, other, label)) onNote(line);
  return {
    weights: transfer.weights,
    recipe,
    provenance: startProvenance(other, label),
    ...(coversOutputs(network, transfer.taken) ? { outputsOf: other.network } : {}),
  };
}
