import type { Tensor } from '../../graph/operations.ts';
import type { OnnxModel } from './file.ts';

/** How a state tensor lies in a lowered step; both ways are exact. */
export interface Packing {
  pack(plain: Tensor): Tensor;
  unpack(packed: Tensor): Tensor;
}

/** A training step as an ONNX model. */
export interface LoweredStep {
  readonly layout: 'plain' | 'blocked';
  readonly model: OnnxModel;
  /** Of the state tensors that do not lie as the graph says. */
  readonly packings: ReadonlyMap<string, Packing>;
}
