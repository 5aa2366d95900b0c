import type { Model } from '../../models/model.ts';
import type { ActivationFunction, ActivationLayer, Layer } from '../../network/layers.ts';
import type { FAST_ACTIVATIONS } from '../../options/quantize.ts';

/** An activation that costs nothing in 8 bits: requantization cuts values anyway. */
export type FastActivation = (typeof FAST_ACTIVATIONS)[number];

/** They are like a rectifier, but have steps of their own in 8 bits, or are computed in float. Gates are none of them. */
const SLOW: readonly ActivationFunction[] = [
  ...(['leakyRelu', 'hardSwish', 'silu', 'mish', 'gelu', 'elu', 'selu'] as const),
];

const isSlow = (layer: Layer): layer is ActivationLayer =>
  layer.type === 'activation' && SLOW.includes(layer.function);

/**
 * A model with a rectifier in the place of LeakyReLU, hard-swish, SiLU and their like. It needs training.
 * @returns the model, and which functions it had there, each once; none if there is nothing to swap
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
