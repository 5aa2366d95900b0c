import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** An operator of a graph. */
export interface SkimmedNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** An input or output of a graph. */
export interface SkimmedPort {
  readonly name: string;
  /** The encoded message of type `ValueInfoProto`. */
  readonly message: Uint8Array;
}

/** The description in an ONNX file, without tensor data. */
export interface SkimmedOnnx {
  readonly producer: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly inputs: readonly SkimmedPort[];
  readonly outputs: readonly SkimmedPort[];
  /** Names of the tensors that the graph contains. */
  readonly held: ReadonlySet<string>;
  readonly nodes: readonly SkimmedNode[];
  /** External tensor files, as named in the file. */
  readonly externalFiles: readonly string[];
}

/** Handles a field of a message. The reader is at the start of its contents, which end at `end`. */
type Visit = (field: number, end: number) => void;

/** `TensorProto.DataLocation.EXTERNAL` */
const EXTERNAL = 1;

/**
 * Reads the names in an ONNX file. A general protobuf reader creates an object for each field, which takes as long as
 * the runtime takes for a small network. This reader skips unknown fields. Field numbers are those of onnx.proto.
 * @throws Error if the bytes are not a valid protobuf message, or are truncated
 */
export function skimOnnx(bytes: Uint8Array): SkimmedOnnx {
  const reader = new BinaryReader(bytes);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const textTo = (end: number) => buffer.toString('utf8', reader.pos, end);

  /** Visits those fields of a message that have a length, and passes the integer fields to `onNumber`. */
  function fields(end: number, visit: Visit, onNumber?: (field: number, value: number) => void): void {
    while (reader.pos < end) {
      const [field, type] = reader.tag();
      if (type === WireType.LengthDelimited) {
        const length = reader.uint32();
        const stop = reader.pos + length;
        if (stop > end) throw new RangeError('a message ends inside one of its fields');
        visit(field, stop);
        reader.pos = stop;
      } else if (onNumber && type === WireType.Varint) onNumber(field, Number(reader.int64()));
      else reader.skip(type, field);
    }
  }
  function pair(end: number): readonly [key: string, value: string] {
    let [key, value] = ['', ''];
    fields(end, (field, stop) => {
      if (field === 1) key = textTo(stop);
      else if (field === 2) value = textTo(stop);
    });
    return [key, value];
  }

  let producer = '';
  const metadata: [string, string][] = [];
  const [inputs, outputs]: [SkimmedPort[], SkimmedPort[]] = [[], []];
  const held = new Set<string>();
  const nodes: SkimmedNode[] = [];
  const externalFiles = new Set<string>();

  function tensor(end: number): string {
    let [name, file, location] = ['', '', 0];
    fields(
      end,
      (field, stop) => {
        if (field === 8) name = textTo(stop);
        else if (field === 13) {
          const [key, value] = pair(stop);
          if (key === 'location') file ||= value;
        }
      },
      (field, value) => {
        if (field === 14) location = value;
      },
    );
    if (location === EXTERNAL) externalFiles.add(file);
    return name;
  }
  const sparseTensor = (end: number) =>
    fields(end, (field, stop) => void ((field === 1 || field === 2) && tensor(stop)));
  const attribute = (end: number) =>
    fields(end, (field, stop) => {
      if (field === 5 || field === 10) tensor(stop);
      else if (field === 6 || field === 11) innerGraph(stop);
      else if (field === 22 || field === 23) sparseTensor(stop);
    });
  function node(end: number): SkimmedNode {
    const made = { operator: '', inputs: [] as string[], outputs: [] as string[] };
    fields(end, (field, stop) => {
      if (field === 1) made.inputs.push(textTo(stop));
      else if (field === 2) made.outputs.push(textTo(stop));
      else if (field === 4) made.operator = textTo(stop);
      else if (field === 5) attribute(stop);
    });
    return made;
  }
  /** A subgraph of an operator. Only its tensors matter. */
  function innerGraph(end: number): void {
    fields(end, (field, stop) => {
      if (field === 1) node(stop);
      else if (field === 5) tensor(stop);
      else if (field === 15) sparseTensor(stop);
    });
  }
  function port(end: number): SkimmedPort {
    const message = bytes.subarray(reader.pos, end);
    let name = '';
    fields(end, (field, stop) => {
      if (field === 1) name = textTo(stop);
    });
    return { name, message };
  }
  const graph = (end: number) =>
    fields(end, (field, stop) => {
      if (field === 1) nodes.push(node(stop));
      else if (field === 5) held.add(tensor(stop));
      else if (field === 11) inputs.push(port(stop));
      else if (field === 12) outputs.push(port(stop));
      else if (field === 15) sparseTensor(stop);
    });
  fields(bytes.byteLength, (field, stop) => {
    if (field === 2) producer = textTo(stop);
    else if (field === 7) graph(stop);
    else if (field === 14) metadata.push([...pair(stop)]);
  });
  return {
    producer,
    // An empty value is treated as missing.
    metadata: Object.fromEntries(metadata.filter(([, value]) => value !== '')),
    inputs,
    outputs,
    held,
    nodes,
    externalFiles: [...externalFiles],
  };
}
