import type { OnnxInitializer, OnnxModel, OnnxNode } from '../../executors/onnx/file.ts';
import { fitsHalf, floatToHalf } from '../../foundation/half-precision.ts';

/** Smaller tensors, mostly biases, are not converted, because this would save nothing. */
const LEAST_ELEMENTS = 256;

/**
 * Stores weights in half precision, and casts them to single precision before use. Runtimes cast only once, when they
 * load the file. It has half the size, at the same speed. Tensors with values too large for half precision do not
 * change.
 * @param weights names of the initializers to convert; constants of the computation must stay exact
 */
export function withHalfWeights(model: OnnxModel, weights: ReadonlySet<string>): OnnxModel {
  const casts: OnnxNode[] = [];
  const initializers = model.initializers.map((initializer): OnnxInitializer => {
    const { name, shape, data } = initializer;
    const isWeight = shape.length > 1 && data.length >= LEAST_ELEMENTS && weights.has(name);
    if (!(data instanceof Float32Array) || !isWeight || !fitsHalf(data)) return initializer;
    const half = `${name}.half`;
    casts.push({ type: 'Cast', inputs: [half], outputs: [name], attributes: { to: 1 } });
    return { name: half, shape, data: floatToHalf(data) };
  });
  return { ...model, initializers, nodes: [...casts, ...model.nodes] };
}
