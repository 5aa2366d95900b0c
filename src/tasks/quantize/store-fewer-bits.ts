import { toBinary } from '@bufbuild/protobuf';
import type { OnnxProto } from '../../compression/quantize/graph.ts';
import { packWeights } from '../../compression/quantize/weights-only.ts';
import { ModelProtoSchema } from '../../executors/onnx/onnx-proto.ts';
import { withHalfWeights } from '../../models/formats/onnx/half-weights.ts';
import type { QuantizeOptions } from '../../options/quantize.ts';

/** A graph whose weights have fewer bits. */
export interface StoredGraph {
  readonly onnx: Uint8Array;
  readonly bits: number;
  /** In words. */
  readonly how: string;
}

/**
 * A graph with its weights in fewer bits, which the runtime makes floats of as it loads.
 * @param label what messages call it
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
