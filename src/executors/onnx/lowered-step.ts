import type { Tensor } from '../../graph/operations.ts';
import type { OnnxModel } from './file.ts';

/** Memory layout of a state tensor in a lowered step. Conversion is exact both ways. */
export interface Packing {
  pack(plain: Tensor): Tensor;
  unpack(packed: Tensor): Tensor;
}

/** A training step as an ONNX model. */
export interface LoweredStep {
  readonly layout: 'plain' | 'blocked';
  readonly model: OnnxModel;
  /** For state tensors whose layout differs from the graph's. */
  readonly packings: ReadonlyMap<string, Packing>;
}
