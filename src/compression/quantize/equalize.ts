import { create } from '@bufbuild/protobuf';
import { GraphProtoSchema, ModelProtoSchema, type TensorProto } from '../../executors/onnx/onnx-proto.ts';
import { tensorFloats, tensorOf } from '../../executors/onnx/tensor-data.ts';
import { type Convolution, findConvolutions } from './convolutions.ts';
import { type GraphView, type OnnxProto, onlyUser, viewGraph } from './graph.ts';

/** Activations with f(s · x) = s · f(x) for positive s. */
const HOMOGENEOUS = ['Relu', 'LeakyRelu'];
/** A pair affects its neighbors. After this number of rounds, changes are small. */
const ROUNDS = 4;

/** Two convolutions. Only the second one reads the output of the first. */
interface Pair {
  readonly first: Convolution;
  readonly second: Convolution;
}

function findPairs(view: GraphView, convolutions: readonly Convolution[]): readonly Pair[] {
  const byNode = new Map(convolutions.map((convolution) => [convolution.node, convolution]));
  const isUsedOnce = (name: string | undefined) =>
    name === undefined || (view.users.get(name) ?? []).length === 1;
  return convolutions.flatMap((first): Pair[] => {
    let next = onlyUser(view, first.node.output[0]!);
    if (next && HOMOGENEOUS.includes(next.opType)) next = onlyUser(view, next.output[0]!);
    const second = next && byNode.get(next);
    const isOwn = [first.weights, first.bias, second?.weights].every(isUsedOnce);
    return second && isOwn ? [{ first, second }] : [];
  });
}

/** Calls back with each weight, and the input channel that it reads. */
export function forEachInput(
  {
    outChannels,
    inChannels,
    groups,
    kernel,
  }: Pick<Convolution, 'outChannels' | 'inChannels' | 'groups' | 'kernel'>,
  visit: (channel: number, index: number) => void,
): void {
  const [perGroup, outPerGroup, area] = [inChannels / groups, outChannels / groups, kernel[0] * kernel[1]];
  for (let out = 0; out < outChannels; out++) {
    const first = Math.floor(out / outPerGroup) * perGroup;
    for (let i = 0; i < perGroup * area; i++) visit(first + Math.floor(i / area), out * perGroup * area + i);
  }
}

/** @returns by channel, the factor that divides the first one's outputs and multiplies the second one's inputs */
function equalizePair({ first, second }: Pair, numbers: ReadonlyMap<string, Float32Array>): Float64Array {
  const channels = first.outChannels;
  const [before, after] = [numbers.get(first.weights)!, numbers.get(second.weights)!];
  const size = before.length / channels;
  const [given, taken] = [new Float64Array(channels), new Float64Array(channels)];
  before.forEach((weight, i) => {
    const channel = Math.floor(i / size);
    given[channel] = Math.max(given[channel]!, Math.abs(weight));
  });
  forEachInput(second, (channel, i) => {
    taken[channel] = Math.max(taken[channel]!, Math.abs(after[i]!));
  });
  // A channel with range 0 on one side is not scaled.
  const factors = given.map((range, channel) =>
    range > 0 && taken[channel]! > 0 ? Math.sqrt(range / taken[channel]!) : 1,
  );
  before.forEach((weight, i) => {
    before[i] = weight / factors[Math.floor(i / size)]!;
  });
  if (first.bias) {
    const bias = numbers.get(first.bias)!;
    bias.forEach((value, channel) => {
      bias[channel] = value / factors[channel]!;
    });
  }
  forEachInput(second, (channel, i) => {
    after[i]! *= factors[channel]!;
  });
  return factors;
}

/** How a pair was equalized. */
export interface Equalized {
  /** The convolution whose outputs were divided, by name. */
  readonly first: string;
  /** The convolution that reads them, whose weights were multiplied. */
  readonly second: string;
  /** Factor of each channel. */
  readonly factors: Float64Array;
}

/**
 * Returns an equivalent graph in which adjacent convolutions have weights with similar ranges, channel by channel
 * (cross-layer equalization, https://arxiv.org/abs/1906.04721, section 4.1).
 * @returns the graph and the equalized pairs; pairs with activations such as SiLU or ReLU6 between them are not
 *   equalized
 */
export function equalizeWeights(model: OnnxProto): {
  readonly model: OnnxProto;
  readonly pairs: number;
  readonly equalized: readonly Equalized[];
} {
  const view = viewGraph(model);
  const pairs = findPairs(view, findConvolutions(view));
  const names = new Set(
    pairs.flatMap(({ first, second }) => [first.weights, first.bias ?? '', second.weights]),
  );
  const numbers = new Map(
    [...names].filter(Boolean).map((name) => [name, tensorFloats(view.constants.get(name)!)]),
  );
  const equalized = pairs.map(({ first, second }) => ({
    ...{ first: first.name, second: second.name },
    factors: new Float64Array(first.outChannels).fill(1),
  }));
  for (let round = 0; round < ROUNDS; round++) {
    pairs.forEach((pair, place) => {
      equalizePair(pair, numbers).forEach((factor, channel) => {
        equalized[place]!.factors[channel]! *= factor;
      });
    });
  }
  const initializer = model.graph.initializer.map((tensor): TensorProto => {
    const changed = numbers.get(tensor.name);
    return changed ? tensorOf(tensor.name, tensor.dims.map(Number), changed) : tensor;
  });
  const graph = create(GraphProtoSchema, { ...model.graph, initializer });
  return { model: { ...create(ModelProtoSchema, model), graph }, pairs: pairs.length, equalized };
}
