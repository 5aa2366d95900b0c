import type { OnnxInitializer, OnnxModel, OnnxNode } from '../../executors/onnx/file.ts';
import { fitsHalf, floatToHalf } from '../../foundation/half-precision.ts';

/** Smaller tensors, biases mostly, stay as they are: they would save nothing. */
const LEAST_ELEMENTS = 256;

/**
 * A model whose weights are kept in half precision and cast to single precision before use, which runtimes do once
 * as they load: half the file, the same speed. A tensor with numbers too large for half precision stays as it is.
 * @param weights the initializers to convert; constants of the computation must stay exact
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
