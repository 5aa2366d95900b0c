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
  /** Provenance of the initial weights, for the finished model. */
  readonly provenance?: Provenance;
  /** The network whose output layers were transferred. Its anchors belong to them. */
  readonly outputsOf?: Network;
}

/**
 * The model that a run starts from, if any. If `model` is a Darknet `.cfg`, a weights file belongs to the cfg. Any
 * other name or path is a model to start from.
 */
function startSource({ model, weights }: TrainingSettings) {
  const isCfg = extname(model).toLowerCase() === '.cfg';
  if (weights !== null && isCfg && !isModelName(weights)) return { path: model, weights, label: weights };
  // A model file has its own weights, used if no others are named.
  const path = weights ?? (isNetworkName(model) ? undefined : model);
  return path === undefined ? undefined : { path, weights: undefined, label: path };
}

/** Notes on the transferred and the new tensors, and on the classes. */
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

/** Source and license of the initial weights, which also apply to the trained model and its successors. */
function startProvenance({ provenance }: Model, label: string): Provenance {
  const { source, license, 'initial weights': first } = provenance;
  // Only the base name, so that the provenance reveals no local folder or key in an address.
  const name = basename(isAddress(label) ? new URL(label).pathname : label);
  const own = source === undefined ? name : `${name}: ${source}`;
  return { 'initial weights': first ?? own, ...(license === undefined ? {} : { license }) };
}

/**
 * Initial weights of a network: random by the seed, then replaced by the tensors that fit, from the weights that the
 * settings name, or else from the model file. Class channels are matched by class name.
 * @param classes class names of the network
 * @throws MicroYoloError if no tensor fits
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
  // Training always resizes images this way, so the trained model must do the same.
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
