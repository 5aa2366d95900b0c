import { elementCount } from '../../foundation/element-count.ts';
import type { Operation } from '../../graph/operations.ts';

/**
 * A tensor's logical axes in the order in which they lie in memory: a feature map [N, C, H, W] that lies as
 * NHWC has the order [0, 2, 3, 1].
 */
export type Order = readonly number[];

/** What TensorFlow's kernels take feature maps as. */
export const NHWC: Order = [0, 2, 3, 1];
/** What they take filters [O, I, kernel, kernel] as … */
const HWIO: Order = [2, 3, 1, 0];
/** … and those of depthwise convolutions, [C · multiplier, 1, kernel, kernel]. */
const HWCM: Order = [2, 3, 0, 1];

const PLAIN: readonly Order[] = Array.from({ length: 9 }, (_, rank) =>
  Array.from({ length: rank }, (_, axis) => axis),
);

/** Row-major, as the graph has it. */
export const plain = (rank: number): Order => PLAIN[rank]!;

export const isPlain = (order: Order) => order.every((axis, place) => axis === place);

/** A tensor's shape as it lies in memory. */
export const physicalShape = (shape: readonly number[], order: Order) => order.map((axis) => shape[axis]!);

/** A tensor's logical shape. */
export const logicalShape = (physical: readonly number[], order: Order) =>
  order.map((_, axis) => physical[order.indexOf(axis)]!);

/** Which axes of a tensor that lies in order `from` make it lie in order `to`. */
export const permutation = (from: Order, to: Order) => to.map((axis) => from.indexOf(axis));

/** Whether a convolution is one filter or more a channel. */
export const isDepthwise = (groups: number, perGroup: number) => groups > 1 && perGroup === 1;

interface Input {
  readonly shape: readonly number[];
  readonly order: Order;
}

export interface Orders {
  /** In which an operation needs its inputs. */
  readonly inputs: readonly Order[];
  /** Of its outputs that have as many axes; others are plain. */
  readonly output: Order;
}

/** All inputs in the order of the largest, one that is not plain before one that is. */
function common(inputs: readonly Input[], rank: number): Orders {
  let [chosen, most] = [plain(rank), 0];
  for (const { shape, order } of inputs) {
    if (shape.length !== rank) continue;
    const size = elementCount(shape);
    if (size > most || (size === most && isPlain(chosen))) [chosen, most] = [order, size];
  }
  // Tensors of fewer axes are aligned where they are used.
  return {
    inputs: inputs.map(({ shape }) => (shape.length === rank ? chosen : plain(shape.length))),
    output: chosen,
  };
}

/** Feature maps [N, C, H, W] as NHWC; [C] as it is. */
function spatial(inputs: readonly Input[]): Orders {
  return {
    inputs: inputs.map(({ shape }) => (shape.length === 4 ? NHWC : plain(shape.length))),
    output: NHWC,
  };
}

/**
 * How an operation's tensors lie. Reordering costs a pass over memory, so operations that do not mind take
 * their inputs as they come.
 */
export function ordersOf(operation: Operation, inputs: readonly Input[]): Orders {
  const rank = Math.max(0, ...inputs.map(({ shape }) => shape.length));
  switch (operation.op) {
    case 'conv':
    case 'convGradInput': {
      const filter = isDepthwise(operation.groups, inputs[1]!.shape[1]!) ? HWCM : HWIO;
      return { inputs: [NHWC, filter, plain(1)].slice(0, inputs.length), output: NHWC };
    }
    case 'convGradFilter': {
      const perGroup = inputs[0]!.shape[1]! / operation.groups;
      return { inputs: [NHWC, NHWC], output: isDepthwise(operation.groups, perGroup) ? HWCM : HWIO };
    }
    case 'batchNorm':
    case 'batchNormTraining':
    case 'batchNormGrad':
    case 'maxPool':
    case 'maxPoolGrad':
    case 'avgPool':
    case 'avgPoolGrad':
    case 'upsample':
      return spatial(inputs);
    case 'unary':
    case 'leakyRelu':
    case 'leakyReluGrad':
    case 'silu':
    case 'siluGrad':
    case 'clip':
    case 'clipGrad':
    case 'fakeQuantize':
    case 'hardSigmoid':
    case 'linear':
    case 'binary':
    case 'compare':
    case 'where':
    case 'cast':
    case 'stopGradient':
    case 'reduce':
    case 'softmax':
    case 'concat':
    case 'split':
    case 'slice':
    case 'pad':
    case 'expand':
      return common(inputs, rank);
    case 'transpose': {
      // Nothing moves where the result may lie as its input does.
      const { order } = inputs[0]!;
      const moved = order.map((axis) => operation.permutation.indexOf(axis));
      return { inputs: [order], output: moved };
    }
    case 'constant':
    case 'reshape':
    case 'topK':
    case 'dense':
    case 'matMul':
      return { inputs: inputs.map(({ shape }) => plain(shape.length)), output: plain(rank) };
  }
}
