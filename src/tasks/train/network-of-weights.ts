import { isModelName, loadStart } from '../../models/load.ts';
import { isOutput } from '../../network/layers.ts';
import type { GivenSettings } from './settings-file.ts';

/**
 * Settings with a network: if they name weights and no network, and the weights are a detector's, its network. Otherwise
 * most of such weights would fit no layer.
 * @throws MicroYoloError if the weights cannot be read
 */
export async function withNetworkOfWeights(given: GivenSettings): Promise<GivenSettings> {
  const { model, weights } = given;
  if (model !== undefined || typeof weights !== 'string' || !isModelName(weights)) return given;
  const { network } = (await loadStart(weights)).model;
  const isDetector = network.layers.some((layer) => isOutput(layer) && layer.type !== 'classes');
  return isDetector ? { ...given, model: weights } : given;
}
