import type { Size } from '../boxes/formats.ts';
import { loadModel } from '../model/load.ts';
import type { Model } from '../model/model.ts';
import { withInputSize } from '../network/shapes.ts';
import type { RuntimeOptions } from './runtimes.ts';

/** Of everything that runs a model on images. */
export interface LoadOptions extends RuntimeOptions {
  /** Weights of a Darknet `.cfg`. @default beside it, ending .weights */
  readonly weights?: string | undefined;
  /** File of class names, one a line. */
  readonly names?: string | undefined;
  /** Input size in pixels: a side or width and height. @default the model's */
  readonly size?: number | Size | undefined;
}

/**
 * A model from a file or from memory, at the input size asked for.
 * @throws MicroYoloError where a file is missing or damaged, or the network does not fit the size
 */
export async function loadSized(
  model: string | Model,
  { size, weights, names }: LoadOptions,
): Promise<Model> {
  const loaded = typeof model === 'string' ? (await loadModel(model, { weights, names })).model : model;
  if (size === undefined) return loaded;
  const { width, height } = typeof size === 'number' ? { width: size, height: size } : size;
  return { ...loaded, network: withInputSize(loaded.network, width, height) };
}
