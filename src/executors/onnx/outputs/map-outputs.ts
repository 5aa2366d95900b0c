import { create, toBinary } from '@bufbuild/protobuf';
import { didYouMean } from '../../../foundation/errors/did-you-mean.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { nodeValues } from '../cost/shape-probe.ts';
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType as OnnxType,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from '../onnx-proto.ts';
import type { OnnxFile } from '../read.ts';

/** Name of the output that returns a value as floats. No other output has such a name. */
export const mapOutput = (index: number) => `map ${index} of the values asked for`;

/**
 * @param label label of the names, for messages
 * @throws MicroYoloError `invalid-argument` for a value that no node of the graph returns
 */
export function checkValues(file: OnnxFile, names: readonly string[], label: string, model: string): void {
  const known = new Set(nodeValues(file));
  const unknown = names.find((name) => !known.has(name));
  if (unknown === undefined) return;
  const near = didYouMean(unknown, [...known]) ?? '; `micro-yolo info` lists them';
  throw new MicroYoloError('invalid-argument', `${label}: ${model} has no tensor ${unknown}${near}`);
}

/** Returns the bytes of a graph that also returns values from inside it: see `mapOutput`. */
export function withMapOutputs(file: OnnxFile, values: readonly string[]): Uint8Array {
  const { graph } = file.proto;
  const to = create(AttributeProtoSchema, {
    name: 'to',
    type: AttributeType.INT,
    i: BigInt(OnnxType.FLOAT),
  });
  const type = create(TypeProtoSchema, {
    value: { case: 'tensorType', value: create(TypeProto_TensorSchema, { elemType: OnnxType.FLOAT }) },
  });
  const names = values.map((value, index) => ({ value, name: mapOutput(index) }));
  const nodes = names.map(({ value, name }) =>
    create(NodeProtoSchema, { opType: 'Cast', name, input: [value], output: [name], attribute: [to] }),
  );
  const outputs = names.map(({ name }) => create(ValueInfoProtoSchema, { name, type }));
  const extended = create(GraphProtoSchema, {
    ...graph,
    node: [...graph.node, ...nodes],
    output: [...graph.output, ...outputs],
  });
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { ...file.proto, graph: extended }));
}
