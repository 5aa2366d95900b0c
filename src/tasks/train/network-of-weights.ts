import { isModelName, loadNetwork } from '../../models/load.ts';
import type { GivenSettings } from './settings-file.ts';

/**
 * Settings with a network: that of the weights, if they name weights and no network. In most others, such weights would
 * fit no layer. Weights without a network, as Darknet's, change nothing.
 * @throws MicroYoloError if the weights cannot be read
 */
export async function withNetworkOfWeights(given: GivenSettings): Promise<GivenSettings> {
  const { model, weights } = given;
  if (model !== undefined || typeof weights !== 'string' || !isModelName(weights)) return given;
  // Read here, so that a missing file is named at once.
  await loadNetwork(weights);
  return { ...given, model: weights };
}
