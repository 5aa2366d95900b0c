import { type Size, squareSize } from '../../boxes/formats.ts';
import { MicroYoloError, printableValue } from '../../foundation/errors/errors.ts';
import type { Network } from '../../network/layers.ts';
import { withInputSize } from '../../network/shapes.ts';
import type { LoadOptions } from '../../options/loading.ts';
import { loadModel } from '../load.ts';
import type { Model } from '../model.ts';

/**
 * Returns the network for another input size, or unchanged if no size is given.
 * @param size in pixels: a side, or width and height
 * @throws MicroYoloError `invalid-argument` if the network does not fit the size
 */
export function sizedNetwork(network: Network, size: number | Size | undefined): Network {
  if (size === undefined) return network;
  const { width, height } = squareSize(size);
  return withInputSize(network, width, height);
}

/**
 * Loads a model from a file or from memory, at the requested input size.
 * @throws MicroYoloError if a file is missing or damaged, or the network does not fit the size
 */
export async function loadSized(
  model: string | Model,
  { size, weights, names, onWarning = (message) => process.emitWarning(message) }: LoadOptions,
): Promise<Model> {
  if (typeof model !== 'string') {
    if (typeof model === 'object' && model !== null && 'network' in model)
      return { ...model, network: sizedNetwork(model.network, size) };
    throw new MicroYoloError(
      'invalid-argument',
      `model ${printableValue(model)}: expected a path, an https address, a name, or a model in memory`,
      { field: 'model', received: model },
    );
  }
  const { model: loaded, warnings } = await loadModel(model, { weights, names });
  for (const warning of warnings) onWarning(warning);
  return { ...loaded, network: sizedNetwork(loaded.network, size) };
}
