import { fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type ModelProto,
  ModelProtoSchema,
  type ValueInfoProto,
} from '../../../src/executors/onnx/onnx-proto.ts';

type Random = () => number;

const whole = (random: Random, below: number) => Math.floor(random() * below);
const pick = <T>(random: Random, of: readonly T[]): T => of[whole(random, of.length)]!;

/** Unexpected sizes. */
const SIZES = [-1n, 0n, 1n, 2n, 7n, 65_536n, 2n ** 31n, 2n ** 40n, 2n ** 62n, -(2n ** 63n)] as const;

function flipBits(bytes: Uint8Array, random: Random): Uint8Array {
  const flipped = Uint8Array.from(bytes);
  const times = 1 + whole(random, 8);
  for (let i = 0; i < times; i++) flipped[whole(random, flipped.length)]! ^= 1 << whole(random, 8);
  return flipped;
}

function swapRanges(bytes: Uint8Array, random: Random): Uint8Array {
  const swapped = Uint8Array.from(bytes);
  const length = 1 + whole(random, 64);
  const [from, to] = [whole(random, bytes.length - length), whole(random, bytes.length - length)];
  swapped.set(bytes.subarray(from, from + length), to);
  swapped.set(bytes.subarray(to, to + length), from);
  return swapped;
}

function changePort({ type }: ValueInfoProto, random: Random): void {
  if (type?.value.case !== 'tensorType') return;
  const tensor = type.value.value;
  const dim = tensor.shape?.dim ?? [];
  const kind = random();
  if (kind < 0.2 || dim.length === 0) tensor.elemType = whole(random, 20);
  else if (kind < 0.4) dim.splice(whole(random, dim.length), 1);
  else pick(random, dim).value = { case: 'dimValue', value: pick(random, SIZES) };
}

/** Mistakes that another writer could make: sizes, types, names, nodes. */
function changeField(model: ModelProto, random: Random): void {
  const graph = model.graph!;
  const [tensor, node] = [pick(random, graph.initializer), pick(random, graph.node)];
  const attribute = node.attribute.length > 0 ? pick(random, node.attribute) : undefined;
  const changes = [
    () => changePort(pick(random, graph.input), random),
    () => changePort(pick(random, graph.output), random),
    () => {
      if (tensor.dims.length > 0) tensor.dims[whole(random, tensor.dims.length)] = pick(random, SIZES);
    },
    () => {
      tensor.rawData = tensor.rawData.subarray(0, whole(random, tensor.rawData.length));
    },
    () => {
      tensor.dataType = whole(random, 25);
    },
    () => {
      const at = whole(random, Math.max(1, tensor.rawData.length - 8));
      if (tensor.rawData.length >= 8)
        tensor.rawData.set(pick(random, [new Uint8Array(8).fill(255), new Uint8Array(8).fill(127)]), at);
    },
    () => {
      node.input.reverse();
    },
    () => {
      if (node.input.length > 0) node.input[0] = pick(random, graph.node).output[0] ?? '';
    },
    () => {
      node.opType = pick(random, graph.node).opType;
    },
    () => {
      graph.node.splice(whole(random, graph.node.length), 1);
    },
    () => {
      if (attribute) attribute.i = pick(random, SIZES);
    },
    () => {
      if (attribute && attribute.ints.length > 0) attribute.ints[0] = pick(random, SIZES);
    },
    () => {
      for (const port of model.metadataProps)
        port.value = port.value.slice(0, whole(random, port.value.length));
    },
  ];
  pick(random, changes)();
}

/** An ONNX file with one thing wrong, or undefined if the change does not matter. */
export function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  const kind = random();
  if (kind < 0.2) return flipBits(bytes, random);
  if (kind < 0.25) return bytes.subarray(0, whole(random, bytes.length));
  if (kind < 0.35) return swapRanges(bytes, random);
  // Its tensors are views of the bytes.
  const model = fromBinary(ModelProtoSchema, Uint8Array.from(bytes));
  changeField(model, random);
  return toBinary(ModelProtoSchema, model);
}
