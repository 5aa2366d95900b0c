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

/** Halves end at 65504; from here they would be infinite. */
const HALF_OVERFLOW = 65_520;

/** Whether a tensor is a layer's weights: vectors (biases, norms, scales) are few numbers, and stay exact. */
const isWeights = ({ dataType, dims }: TensorProto) => dataType === OnnxType.FLOAT && dims.length >= 2;

/**
 * An ONNX file whose weights are stored as 16-bit floats, and cast to 32 bits before they are used.
 * Tensors with larger numbers than these hold stay as they are.
 * @param label what messages call it
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
  // Old files list initializers among the inputs as well.
  graph.input = graph.input.filter(({ name }) => !halved.has(name));
  graph.node.unshift(...casts);
  return toBinary(ModelProtoSchema, proto);
}
