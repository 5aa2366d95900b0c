import { isModelName, loadNetwork } from '../../models/load.ts';
import type { GivenSettings } from './settings-file.ts';

/**
 * Sets the network to that of the weights, if the settings name weights but no network. In most other networks, such
 * weights would not fit. Weights without a network, such as Darknet's, change nothing.
 * @throws MicroYoloError if the weights cannot be read
 */
export async function withNetworkOfWeights(given: GivenSettings): Promise<GivenSettings> {
  const { model, weights } = given;
  if (model !== undefined || typeof weights !== 'string' || !isModelName(weights)) return given;
  // Read now, so that a missing file is reported at once.
  await loadNetwork(weights);
  return { ...given, model: weights };
}
