import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType as OnnxType,
  type TensorProto,
} from '../../../executors/onnx/onnx-proto.ts';
import { readOnnx } from '../../../executors/onnx/read.ts';
import { tensorFloats } from '../../../executors/onnx/tensor-data.ts';
import { floatToHalf } from '../../../foundation/half-precision.ts';

/** Half precision ends at 65504. From 65520 on, numbers round to infinity. */
const HALF_OVERFLOW = 65_520;

/** Whether a tensor contains a layer's weights. Vectors (biases, norms, scales) are small, and stay exact. */
const isWeights = ({ dataType, dims }: TensorProto) => dataType === OnnxType.FLOAT && dims.length >= 2;

/**
 * Converts an ONNX file so that weights are stored as 16-bit floats, and cast to 32 bits before use. Tensors with
 * values too large for 16 bits do not change.
 * @param label name for messages
 */
export function withHalfWeights(onnx: Uint8Array, label: string): Uint8Array {
  const { proto } = readOnnx(onnx, label);
  const { graph } = proto;
  const casts = [];
  const halved = new Set<string>();
  for (const tensor of graph.initializer) {
    if (!isWeights(tensor)) continue;
    const floats = tensorFloats(tensor);
    if (floats.some((value) => Math.abs(value) >= HALF_OVERFLOW)) continue;
    const { name } = tensor;
    halved.add(name);
    tensor.name = `${name}.half`;
    tensor.dataType = OnnxType.FLOAT16;
    tensor.rawData = new Uint8Array(floatToHalf(floats).buffer as ArrayBuffer);
    tensor.floatData = [];
    const to = create(AttributeProtoSchema, {
      name: 'to',
      type: AttributeType.INT,
      i: BigInt(OnnxType.FLOAT),
    });
    casts.push(
      create(NodeProtoSchema, {
        opType: 'Cast',
        name: `${name}.cast`,
        input: [tensor.name],
        output: [name],
        attribute: [to],
      }),
    );
  }
  // Old files also list initializers among the inputs.
  graph.input = graph.input.filter(({ name }) => !halved.has(name));
  graph.node.unshift(...casts);
  return toBinary(ModelProtoSchema, proto);
}
