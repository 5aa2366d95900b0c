import type { Tensors } from '../graph/operations.ts';
import type { ColorValue, InputRecipe, Letterbox } from '../image/recipe/recipe.ts';
import type { Network } from '../network/layers.ts';

export type { ColorValue, InputRecipe, Letterbox };

/** Origin of a model: free text by key, such as `source`, `license`, `training data`. */
export type Provenance = Readonly<Record<string, string>>;

/** A network with its weights, and everything needed to use it. */
export interface Model {
  /** The network. */
  readonly network: Network;
  /** All parameters of the network, by name. */
  readonly weights: Tensors;
  /** Class names in the order of the outputs. */
  readonly classes: readonly string[];
  /** How photographs become the network's input. */
  readonly recipe: InputRecipe;
  /** Origin of the model. */
  readonly provenance: Provenance;
}

/** Input recipe of models trained with this library. */
export const DEFAULT_RECIPE: InputRecipe = {
  resize: 'letterbox',
  resampling: 'area',
  colorOrder: 'rgb',
  mean: 0,
  std: 255,
  fill: 114,
};
