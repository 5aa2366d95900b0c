import type { Tensors } from '../graph/operations.ts';
import type { ColorValue, InputRecipe, Letterbox } from '../image/recipe.ts';
import type { Network } from '../network/layers.ts';

export type { ColorValue, InputRecipe, Letterbox };

/** Where a model comes from: free text by key, such as `source`, `license`, `training data`. */
export type Provenance = Readonly<Record<string, string>>;

/** A network with its weights and all it takes to use it. */
export interface Model {
  /** Its layers. */
  readonly network: Network;
  /** Every parameter of the network, by name. */
  readonly weights: Tensors;
  /** Class names in the order of the outputs. */
  readonly classes: readonly string[];
  /** How photographs become its input. */
  readonly recipe: InputRecipe;
  /** Where it comes from. */
  readonly provenance: Provenance;
}

/** For models trained here. */
export const DEFAULT_RECIPE: InputRecipe = {
  resize: 'letterbox',
  resampling: 'area',
  colorOrder: 'rgb',
  mean: 0,
  std: 255,
  fill: 114,
};
