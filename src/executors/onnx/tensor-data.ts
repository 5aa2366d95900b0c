import { create } from '@bufbuild/protobuf';
import { TensorProto_DataType as OnnxType, type TensorProto, TensorProtoSchema } from './onnx-proto.ts';

/** Returns the values of a float32 tensor that is stored inside its file. */
export function tensorFloats({ rawData, floatData }: TensorProto): Float32Array {
  if (rawData.byteLength === 0) return Float32Array.from(floatData);
  // The copy is aligned.
  return new Float32Array(new Uint8Array(rawData).buffer);
}

const TYPES = [
  [Float32Array, OnnxType.FLOAT],
  [Int8Array, OnnxType.INT8],
  [Uint8Array, OnnxType.UINT8],
  [Int32Array, OnnxType.INT32],
  [BigInt64Array, OnnxType.INT64],
] as const;

/** Creates a tensor for a file. Its element type is that of the array. */
export function tensorOf(
  name: string,
  shape: readonly number[],
  data: Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array,
): TensorProto {
  const [, dataType] = TYPES.find(([array]) => data instanceof array)!;
  const rawData = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  return create(TensorProtoSchema, { name, dims: shape.map(BigInt), dataType, rawData });
}
