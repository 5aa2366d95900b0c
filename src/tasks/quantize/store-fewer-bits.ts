import { toBinary } from '@bufbuild/protobuf';
import type { OnnxProto } from '../../compression/quantize/graph.ts';
import { packWeights } from '../../compression/quantize/weights-only.ts';
import { ModelProtoSchema } from '../../executors/onnx/onnx-proto.ts';
import { withHalfWeights } from '../../models/formats/onnx/half-weights.ts';
import type { QuantizeOptions } from '../../options/quantize.ts';

/** A graph with weights in fewer bits. */
export interface StoredGraph {
  readonly onnx: Uint8Array;
  readonly bits: number;
  /** Description of the stored weights. */
  readonly how: string;
}

/**
 * Stores the weights of a graph in fewer bits. The runtime converts them to floats when it loads the graph.
 * @param label name of the model, for messages
 */
export function storeFewerBits(
  proto: OnnxProto,
  precision: Exclude<QuantizeOptions['precision'], 'int8' | undefined>,
  label: string,
): StoredGraph {
  if (precision === 'float16') {
    const onnx = withHalfWeights(toBinary(ModelProtoSchema, proto), label);
    return { onnx, bits: 16, how: 'weights in half precision' };
  }
  const bits = precision === 'weights8' ? 8 : 4;
  const { model, packed } = packWeights(proto, bits);
  return {
    onnx: toBinary(ModelProtoSchema, model),
    bits,
    how: `weights of ${packed} convolutions in ${bits} bits`,
  };
}
