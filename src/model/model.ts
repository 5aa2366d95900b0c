import type { Tensors } from '../graph/operations.ts';
import type { Network } from '../network/layers.ts';

/** One number for all colors, or one each. */
export type ColorValue = number | readonly [number, number, number];

/** How a photograph becomes the network's input. It belongs to the model: every use obeys it. */
export interface InputRecipe {
  /**
   * `letterbox` keeps the aspect and fills the rest, `stretch` does not keep it; `crop` keeps it and takes the
   * middle, 7/8 of the shorter side, as classifiers are used to.
   */
  readonly resize: 'letterbox' | 'stretch' | 'crop';
  /**
   * `bilinear`: four neighbors, half-pixel centers, no antialiasing (OpenCV's INTER_LINEAR): what Darknet
   * models expect. `area`: antialiased, and much faster on large photographs.
   */
  readonly resampling: 'bilinear' | 'area';
  readonly colorOrder: 'rgb' | 'bgr';
  /** The network sees (value − mean) / std, of values 0–255; of all colors, or of each in the network's order. */
  readonly mean: ColorValue;
  readonly std: ColorValue;
  /** Gray level of the letterbox's border, 0–255. */
  readonly fill: number;
}

/** Where a model comes from: free text by key, such as `source`, `license`, `training data`. */
export type Provenance = Readonly<Record<string, string>>;

/** A network with its weights and all it takes to use it. */
export interface Model {
  readonly network: Network;
  /** Every parameter of the network, by name. */
  readonly weights: Tensors;
  /** Class names in the order of the outputs. */
  readonly classes: readonly string[];
  readonly recipe: InputRecipe;
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
