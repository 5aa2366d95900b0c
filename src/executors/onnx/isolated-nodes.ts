import { create, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType as AttributeType,
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType as OnnxType,
  type TensorProto,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './onnx-proto.ts';
import type { OnnxFile } from './read.ts';

export interface TypedShape {
  /** ONNX's element type, `float` or `uint8`. */
  readonly type: string;
  readonly shape: readonly number[];
}

/** A node taken out of a graph, with its constant inputs and the shapes of all its inputs. */
export interface IsolatedNode {
  readonly node: NodeProto;
  readonly constants: ReadonlyMap<string, TensorProto>;
  /** Types and shapes of its inputs in order, including constants. */
  readonly inputs: readonly TypedShape[];
}

function attributeText({ name, type, i, f, s, ints, floats }: AttributeProto): string {
  switch (type) {
    case AttributeType.INT:
      return `${name}=${i}`;
    case AttributeType.FLOAT:
      return `${name}=${f}`;
    case AttributeType.STRING:
      return `${name}=${Buffer.from(s).toString()}`;
    case AttributeType.INTS:
      return ints.length > 0 ? `${name}=${ints.join(',')}` : '';
    case AttributeType.FLOATS:
      return `${name}=${floats.join(',')}`;
    default:
      return '';
  }
}

/**
 * Describes a node's operator set, type and attributes as text: `com.microsoft.nchwc.Conv group=1 kernel_shape=3,3 …`.
 */
export function describeNode({ domain, opType, attribute }: NodeProto): string {
  const attributes = attribute.map(attributeText).filter((text) => text !== '');
  return [domain === '' ? opType : `${domain}.${opType}`, ...attributes.sort()].join(' ');
}

/** Returns the nodes and constants of a graph by name. */
export function graphParts({ proto: { graph } }: OnnxFile): {
  readonly nodes: ReadonlyMap<string, NodeProto>;
  readonly constants: ReadonlyMap<string, TensorProto>;
} {
  return {
    nodes: new Map(graph.node.map((node) => [node.name, node])),
    constants: new Map(graph.initializer.map((tensor) => [tensor.name, tensor])),
  };
}

const SOURCES: Readonly<Record<string, OnnxType>> = { float: OnnxType.FLOAT, uint8: OnnxType.UINT8 };

function source(type: string, elemType: OnnxType): ValueInfoProto {
  const dim = [create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: 1n } })];
  const tensor = create(TypeProto_TensorSchema, { elemType, shape: create(TensorShapeProtoSchema, { dim }) });
  const value = create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } });
  return create(ValueInfoProtoSchema, { name: type, type: value });
}

/**
 * Builds a model that runs nodes independently. As in a network, each node reads tensors that were written just before.
 * The model's inputs `float` and `uint8` have one element. Node number i is named `node.i`.
 * @param file the file whose operator sets the nodes use
 */
export function isolatedNodes(file: OnnxFile, isolated: readonly IsolatedNode[]): Uint8Array {
  const { graph: _, ...rest } = file.proto;
  const graph: GraphProto = create(GraphProtoSchema, { name: 'isolated nodes' });
  const add = (opType: string, name: string, input: readonly string[]) => {
    graph.node.push(create(NodeProtoSchema, { opType, name, input: [...input], output: [name] }));
    return name;
  };
  let before: string | undefined;
  for (const [place, { node, constants, inputs }] of isolated.entries()) {
    const own = (name: string) => (name === '' ? '' : `${place}.${name}`);
    const present = node.input.filter((name) => name !== '');
    for (const [index, name] of present.entries()) {
      const constant = constants.get(name);
      if (constant) {
        graph.initializer.push({ ...constant, name: own(name) });
        continue;
      }
      const { type, shape } = inputs[index]!;
      const dims = BigInt64Array.from(shape, BigInt);
      const sizes = create(TensorProtoSchema, {
        name: own(`${name}.shape`),
        dims: [BigInt(dims.length)],
        dataType: OnnxType.INT64,
        rawData: new Uint8Array(dims.buffer),
      });
      graph.initializer.push(sizes);
      // The input's shape depends on the previous node. So the input is written after that node, and is still in the
      // caches.
      const size = before === undefined ? undefined : add('Size', own(`${name}.size`), [before]);
      const zero = size === undefined ? undefined : add('Sub', own(`${name}.zero`), [size, size]);
      const target = zero === undefined ? sizes.name : add('Add', own(`${name}.target`), [sizes.name, zero]);
      add('Expand', own(name), [type, target]);
    }
    graph.node.push({
      ...node,
      name: `node.${place}`,
      input: node.input.map(own),
      output: node.output.map(own),
    });
    before = own(node.output[0]!);
  }
  for (const [type, elemType] of Object.entries(SOURCES)) graph.input.push(source(type, elemType));
  // One output is enough, because nodes are computed even if nothing reads them.
  const last = graph.node.at(-1)!.output[0]!;
  graph.output.push(create(ValueInfoProtoSchema, { name: last }));
  const model: ModelProto = { ...rest, graph };
  return toBinary(ModelProtoSchema, model);
}
