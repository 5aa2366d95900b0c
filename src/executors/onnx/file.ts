import { create, toBinary } from '@bufbuild/protobuf';
import type { DataType, Dimension } from '../../graph/operations.ts';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType as OnnxType,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './onnx-proto.ts';

export type { NodeProto, TensorProto };
export { OnnxType };

const text = new TextEncoder();

/** Attributes by name: integers (or lists of them), a wrapped `{ float }` or `{ floats }`, strings. */
export type Attributes = Readonly<
  Record<
    string,
    number | readonly number[] | string | { readonly float: number } | { readonly floats: readonly number[] }
  >
>;

function attribute(name: string, value: Attributes[string]): AttributeProto {
  if (typeof value === 'number')
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: text.encode(value) });
  }
  if ('float' in value)
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  if ('floats' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOATS, floats: [...value.floats] });
  }
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
}

export interface OnnxNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Attributes;
  /** Operator set of the node. @default ONNX's own */
  readonly domain?: string;
}

export interface OnnxValue {
  readonly name: string;
  readonly type: DataType | 'int64';
  readonly shape: readonly Dimension[];
}

export interface OnnxInitializer {
  readonly name: string;
  readonly shape: readonly number[];
  /** Floats, integers, bytes, or the bits of half-precision floats. */
  readonly data: Float32Array | BigInt64Array | Uint8Array | Uint16Array;
}

/** Contents of a model file, independent of protobuf. */
export interface OnnxModel {
  readonly name: string;
  readonly opset: number;
  /** Operator sets besides ONNX's own, each in version 1. */
  readonly domains?: readonly string[];
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: readonly OnnxInitializer[];
  readonly metadata: Readonly<Record<string, string>>;
}

const ONNX_TYPES: Readonly<Record<OnnxValue['type'], OnnxType>> = {
  float32: OnnxType.FLOAT,
  uint8: OnnxType.UINT8,
  bool: OnnxType.BOOL,
  int64: OnnxType.INT64,
};

export function onnxType(type: DataType): number {
  return ONNX_TYPES[type];
}

function valueInfo({ name, type, shape }: OnnxValue): ValueInfoProto {
  const dim = shape.map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value: size === 'batch' ? { case: 'dimParam', value: size } : { case: 'dimValue', value: BigInt(size) },
    }),
  );
  const tensor = create(TypeProto_TensorSchema, {
    elemType: ONNX_TYPES[type],
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } }),
  });
}

function dataType(data: OnnxInitializer['data']): OnnxType {
  if (data instanceof Uint16Array) return OnnxType.FLOAT16;
  if (data instanceof Uint8Array) return OnnxType.UINT8;
  return data instanceof Float32Array ? OnnxType.FLOAT : OnnxType.INT64;
}

function initializer({ name, shape, data }: OnnxInitializer): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: shape.map(BigInt),
    dataType: dataType(data),
    rawData: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
  });
}

function node({ type, inputs, outputs, attributes = {}, domain = '' }: OnnxNode): NodeProto {
  return create(NodeProtoSchema, {
    opType: type,
    domain,
    name: outputs[0]!,
    input: [...inputs],
    output: [...outputs],
    attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  });
}

/** Returns the bytes of an ONNX file. */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  const graph = create(GraphProtoSchema, {
    name: model.name,
    node: model.nodes.map(node),
    input: model.inputs.map(valueInfo),
    output: model.outputs.map(valueInfo),
    initializer: model.initializers.map(initializer),
  });
  const proto = create(ModelProtoSchema, {
    irVersion: 8n,
    producerName: 'micro-yolo',
    opsetImport: [
      create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(model.opset) }),
      ...(model.domains ?? []).map((domain) => create(OperatorSetIdProtoSchema, { domain, version: 1n })),
    ],
    metadataProps: Object.entries(model.metadata).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    ),
    graph,
  });
  return toBinary(ModelProtoSchema, proto);
}
