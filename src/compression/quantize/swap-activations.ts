import type { Model } from '../../models/model.ts';
import type { ActivationFunction, ActivationLayer, Layer } from '../../network/layers.ts';
import type { FAST_ACTIVATIONS } from '../../options/quantize.ts';

/** An activation without cost in 8 bits, because requantization clips values anyway. */
export type FastActivation = (typeof FAST_ACTIVATIONS)[number];

/**
 * Rectifier-like activations that need separate 8-bit operations, or are computed in float. Gates are not among them.
 */
const SLOW: readonly ActivationFunction[] = [
  ...(['leakyRelu', 'hardSwish', 'silu', 'mish', 'gelu', 'elu', 'selu'] as const),
];

const isSlow = (layer: Layer): layer is ActivationLayer =>
  layer.type === 'activation' && SLOW.includes(layer.function);

/**
 * Replaces LeakyReLU, hard-swish, SiLU and similar activations of a model by a rectifier. The model then needs
 * training.
 * @returns the model, and the functions that were replaced, without duplicates
 */
export function swapActivations(
  model: Model,
  to: FastActivation,
): { readonly model: Model; readonly from: readonly ActivationFunction[] } {
  const layers = model.network.layers.map((layer): Layer => {
    if (!isSlow(layer)) return layer;
    const { slope: _, ...rest } = layer;
    return { ...rest, function: to };
  });
  const from = model.network.layers.flatMap((layer) => (isSlow(layer) ? [layer.function] : []));
  return { model: { ...model, network: { ...model.network, layers } }, from: [...new Set(from)] };
}
