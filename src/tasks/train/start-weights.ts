import { MicroYoloError } from '../../errors.ts';
import type { Tensors } from '../../graph/operations.ts';
import { initializeWeights } from '../../model/initialize.ts';
import { loadModel } from '../../model/load.ts';
import { DEFAULT_RECIPE, type InputRecipe } from '../../model/model.ts';
import { transferWeights } from '../../model/transfer.ts';
import type { Network } from '../../network/layers.ts';
import { isNetworkName } from '../../network/registry.ts';
import type { TrainingSettings } from '../../training/settings.ts';

export interface StartWeights {
  readonly weights: Tensors;
  readonly recipe: InputRecipe;
}

/**
 * What a network begins with: drawn by the seed, and what fits of the weights that the settings name, or else of
 * the model file.
 * @throws MicroYoloError where nothing fits
 */
export async function startWeights(
  network: Network,
  { model, weights: from, seed }: TrainingSettings,
  onNote: (message: string) => void,
): Promise<StartWeights> {
  const start = initializeWeights(network, seed);
  // A model file brings its own weights, where none are named.
  const source = from ?? (isNetworkName(model) ? undefined : model);
  if (source === undefined) return { weights: start, recipe: DEFAULT_RECIPE };
  const { model: other, warnings } = await loadModel(source);
  for (const warning of warnings) onNote(warning);
  const { weights, taken, left } = transferWeights(start, other.weights);
  if (taken.length === 0) {
    throw new MicroYoloError(
      'invalid-argument',
      `weights ${source}: no tensor fits ${network.name} by name and shape; give a model of the same kind`,
    );
  }
  const some =
    left.length > 0 ? `; started anew: ${left.slice(0, 6).join(', ')}${left.length > 6 ? ' …' : ''}` : '';
  onNote(`${taken.length} of ${start.size} tensors taken from ${source}${some}`);
  // Training places images so, whatever the other model did; using the model must do the same.
  const { resize, resampling } = DEFAULT_RECIPE;
  return { weights, recipe: { ...other.recipe, resize, resampling } };
}
