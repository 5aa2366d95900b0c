import { create, toBinary } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType as OnnxType,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from '../onnx-proto.ts';
import type { OnnxFile } from '../read.ts';

/** Operators that return lists or maps, which have no shape. */
const WITHOUT_SHAPE = /^(Sequence|SplitToSequence|Optional|ZipMap|ConcatFromSequence)/;

/** Name of the output with the shape of a value. */
export const shapeOutput = (value: string) => `shape of ${value}`;

/** Returns all outputs of a graph's nodes, in order. */
export function nodeValues({ nodes }: OnnxFile): readonly string[] {
  return nodes
    .filter(({ operator }) => !WITHOUT_SHAPE.test(operator))
    .flatMap(({ outputs }) => outputs.filter((name) => name !== ''));
}

/**
 * Returns the bytes of a graph whose outputs are the shapes of all values of another graph. Shapes are small, even if
 * the values are large.
 */
export function shapeProbe(file: OnnxFile): Uint8Array {
  const { graph } = file.proto;
  const values = nodeValues(file);
  const shapes = values.map((name) =>
    create(NodeProtoSchema, { opType: 'Shape', input: [name], output: [shapeOutput(name)] }),
  );
  const type = create(TypeProtoSchema, {
    value: { case: 'tensorType', value: create(TypeProto_TensorSchema, { elemType: OnnxType.INT64 }) },
  });
  const output = values.map((name) => create(ValueInfoProtoSchema, { name: shapeOutput(name), type }));
  const probe = create(GraphProtoSchema, { ...graph, node: [...graph.node, ...shapes], output });
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { ...file.proto, graph: probe }));
}
