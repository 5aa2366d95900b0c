import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import {
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type TensorProto,
  TensorProto_DataTypeSchema,
  ValueInfoProtoSchema,
} from './onnx-proto.ts';
import { type SkimmedNode, type SkimmedPort, skimOnnx } from './skim.ts';

/** An input or output as declared in the file. */
export interface OnnxPort {
  readonly name: string;
  /** ONNX element type in lower case: `float`, `float16`, `uint8`, `int64` … */
  readonly type: string;
  /** Size of each axis, or undefined if it is open. */
  readonly shape: readonly (number | undefined)[];
}

/** An ONNX file that was read and can be changed. */
export interface OnnxFile {
  /** The whole file, parsed on first access. */
  readonly proto: ModelProto & { readonly graph: GraphProto };
  readonly nodes: readonly SkimmedNode[];
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly producer: string;
  readonly operators: ReadonlySet<string>;
  /** External tensor files, as named in the file. */
  readonly externalFiles: readonly string[];
}

function elementType(number: number): string {
  const found = TensorProto_DataTypeSchema.values.find((value) => value.number === number);
  return (found?.name ?? 'unknown').toLowerCase();
}

function port({ message }: SkimmedPort): OnnxPort {
  const { name, type } = fromBinary(ValueInfoProtoSchema, message);
  if (type?.value.case !== 'tensorType') {
    return { name, type: type?.value.case?.replace('Type', '') ?? 'unknown', shape: [] };
  }
  const { elemType, shape } = type.value.value;
  return {
    name,
    type: elementType(elemType),
    shape: (shape?.dim ?? []).map(({ value }) =>
      value.case === 'dimValue' && value.value > 0n ? Number(value.value) : undefined,
    ),
  };
}

/** Yields every tensor in a graph, including those in attributes and subgraphs. */
export function* tensorsOf(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer;
  for (const { values, indices } of graph.sparseInitializer) {
    if (values) yield values;
    if (indices) yield indices;
  }
  for (const { attribute } of graph.node) {
    for (const { t, tensors, g, graphs } of attribute) {
      if (t) yield t;
      yield* tensors;
      if (g) yield* tensorsOf(g);
      for (const inner of graphs) yield* tensorsOf(inner);
    }
  }
}

/** Files that are mistaken for ONNX models, by their first bytes. */
const OTHERS: readonly (readonly [start: string, what: string])[] = [
  ['version https://git-lfs', 'is a Git LFS pointer, not the model; run git lfs pull'],
  ['<', 'is a web page, not a model; download it again'],
  ['PK', 'is a zip file, as saved by PyTorch; export it to ONNX'],
  ['\x89HDF', 'is an HDF5 file, as saved by Keras; export it to ONNX'],
];

function otherFile(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return 'is empty; export or download it again';
  const start = Buffer.from(bytes.subarray(0, 32)).toString('latin1').trimStart();
  return OTHERS.find(([first]) => start.startsWith(first))?.[1];
}

/**
 * Reads an ONNX file's description: its ports, metadata and operators.
 * @param name of the file, for messages
 * @throws MicroYoloError `invalid-file` if it is not an ONNX file, or is truncated
 */
export function readOnnx(bytes: Uint8Array, name: string): OnnxFile {
  const invalid = (problem: string) =>
    new MicroYoloError('invalid-file', `${name}: ${problem}; export or download it again`);
  const other = otherFile(bytes);
  if (other !== undefined) throw new MicroYoloError('invalid-file', `${name}: ${other}`);
  const readable = <T>(read: () => T): T => {
    try {
      return read();
    } catch {
      throw invalid('is not an ONNX file, or is truncated');
    }
  };
  const { nodes, inputs, outputs, held, ...known } = readable(() => skimOnnx(bytes));
  if (nodes.length === 0 || outputs.length === 0) {
    throw invalid('is not an ONNX file, expected a graph with nodes and outputs');
  }
  const parse = () => {
    const proto = fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false });
    return { ...proto, graph: proto.graph! };
  };
  let proto: OnnxFile['proto'] | undefined;
  return {
    get proto() {
      proto ??= readable(parse);
      return proto;
    },
    nodes,
    ...readable(() => ({
      inputs: inputs.filter(({ name: input }) => !held.has(input)).map(port),
      outputs: outputs.map(port),
    })),
    ...known,
    operators: new Set(nodes.map(({ operator }) => operator)),
  };
}

/**
 * Returns the bytes of a file whose input has another shape. Declared shapes of inner values and outputs are removed,
 * so that the runtime infers them.
 * @param shape of the named input, with undefined for axes that do not change
 */
export function withInputShape(
  { proto }: OnnxFile,
  input: string,
  shape: readonly (number | undefined)[],
): Uint8Array {
  const { graph } = proto;
  for (const { name, type } of graph.input) {
    if (name !== input || type?.value.case !== 'tensorType') continue;
    type.value.value.shape?.dim.forEach((dim, axis) => {
      const size = shape[axis];
      if (size !== undefined) dim.value = { case: 'dimValue', value: BigInt(size) };
    });
  }
  graph.valueInfo = [];
  for (const { type } of graph.output) {
    if (type?.value.case !== 'tensorType') continue;
    type.value.value.shape?.dim.forEach((dim, axis) => {
      dim.value = { case: 'dimParam', value: `axis${axis}` };
    });
  }
  return toBinary(ModelProtoSchema, proto);
}
