import { elementCount } from '../../foundation/element-count.ts';
import type { Operation } from '../../graph/operations.ts';

/**
 * A tensor's logical axes, in memory order. A feature map [N, C, H, W] that is stored as NHWC has the order [0, 2, 3,
 * 1].
 */
export type Order = readonly number[];

/** Feature map layout of TensorFlow's kernels. */
export const NHWC: Order = [0, 2, 3, 1];
/** Filter layout of TensorFlow's kernels, for [O, I, kernel, kernel]. */
const HWIO: Order = [2, 3, 1, 0];
/** Their layout of depthwise filters, for [C · multiplier, 1, kernel, kernel]. */
const HWCM: Order = [2, 3, 0, 1];

const PLAIN: readonly Order[] = Array.from({ length: 9 }, (_, rank) =>
  Array.from({ length: rank }, (_, axis) => axis),
);

/** Row-major order, as in the graph. */
export const plain = (rank: number): Order => PLAIN[rank]!;

export const isPlain = (order: Order) => order.every((axis, place) => axis === place);

/** A tensor's shape in memory order. */
export const physicalShape = (shape: readonly number[], order: Order) => order.map((axis) => shape[axis]!);

/** A tensor's logical shape. */
export const logicalShape = (physical: readonly number[], order: Order) =>
  order.map((_, axis) => physical[order.indexOf(axis)]!);

/** The permutation that converts a tensor from one order to another. */
export const permutation = (from: Order, to: Order) => to.map((axis) => from.indexOf(axis));

/** Whether a convolution has one or more filters per channel. */
export const isDepthwise = (groups: number, perGroup: number) => groups > 1 && perGroup === 1;

interface Input {
  readonly shape: readonly number[];
  readonly order: Order;
}

export interface Orders {
  /** Order in which an operation needs each input. */
  readonly inputs: readonly Order[];
  /** Order of the outputs that have the same number of axes. Others are row-major. */
  readonly output: Order;
}

/** Uses the order of the largest input for all. Among equally large inputs, an order that is not row-major wins. */
function common(inputs: readonly Input[], rank: number): Orders {
  let [chosen, most] = [plain(rank), 0];
  for (const { shape, order } of inputs) {
    if (shape.length !== rank) continue;
    const size = elementCount(shape);
    if (size > most || (size === most && isPlain(chosen))) [chosen, most] = [order, size];
  }
  // Tensors with fewer axes are aligned when they are used.
  return {
    inputs: inputs.map(({ shape }) => (shape.length === rank ? chosen : plain(shape.length))),
    output: chosen,
  };
}

/** Feature maps [N, C, H, W] as NHWC, and vectors [C] unchanged. */
function spatial(inputs: readonly Input[]): Orders {
  return {
    inputs: inputs.map(({ shape }) => (shape.length === 4 ? NHWC : plain(shape.length))),
    output: NHWC,
  };
}

/**
 * Returns the layout of an operation's tensors. Reordering costs a pass over memory, so operations that work in any
 * layout keep that of their inputs.
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
      // No data moves, because the result may have any layout.
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
