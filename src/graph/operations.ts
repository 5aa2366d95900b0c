/**
 * A graph is a recorded computation over tensors: values and the operations between them, in execution
 * order. Feature maps are NCHW. Each operation has one shape rule (shapes.ts), one gradient rule
 * (gradients/) and one lowering an executor.
 */

import type { Padding } from '../foundation/padding.ts';

/** Size of an axis; `batch` is known only at run time. */
export type Dimension = number | 'batch';
export type Shape = readonly Dimension[];
export type DataType = 'float32' | 'uint8' | 'bool';

export interface Window {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: Padding;
}

/** Element-wise functions of one tensor. */
export type UnaryFunction =
  | 'relu'
  | 'sigmoid'
  | 'tanh'
  | 'softplus'
  | 'elu'
  | 'selu'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'reciprocal'
  | 'abs'
  | 'arctan';
/** Element-wise functions of two tensors; axes of size 1 broadcast. */
export type BinaryFunction = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum';
/** Element-wise comparisons of two tensors, true or false; axes of size 1 broadcast. */
export type Comparison = 'less' | 'lessOrEqual' | 'greater' | 'greaterOrEqual' | 'equal';
export type Reduction = 'sum' | 'mean' | 'max' | 'sumOfSquares';

interface Convolution {
  readonly stride: number;
  readonly padding: Padding;
  readonly groups: number;
}

interface Area {
  readonly height: number;
  readonly width: number;
}

export type Operation =
  | { readonly op: 'constant'; readonly tensor: Tensor }
  /** x [N, C, H, W], weight [O, C / groups, kh, kw], optional bias [O] → [N, O, H', W']; gradients take kh = kw */
  | ({ readonly op: 'conv' } & Convolution)
  /** x, weight, bias, mean, variance (all [C]) → (x − mean) / √(variance + ε) · weight + bias */
  | { readonly op: 'batchNorm'; readonly epsilon: number }
  /** x, weight, bias → normalized x; mean and biased variance of the batch, each [C] */
  | { readonly op: 'batchNormTraining'; readonly epsilon: number }
  | { readonly op: 'unary'; readonly function: UnaryFunction }
  | { readonly op: 'leakyRelu'; readonly slope: number }
  | { readonly op: 'clip'; readonly min: number; readonly max: number }
  /**
   * Rounds to a byte and back, halves to even: scale · (q − zeroPoint), where q = round(x / scale) + zeroPoint, cut to 0–255.
   * Straight-through gradient: dy where q was not cut, else 0.
   */
  | { readonly op: 'fakeQuantize'; readonly scale: number; readonly zeroPoint: number }
  /** x·σ(x), https://arxiv.org/abs/1702.03118 */
  | { readonly op: 'silu' }
  /** max(0, min(1, slope·x + offset)) */
  | { readonly op: 'hardSigmoid'; readonly slope: number; readonly offset: number }
  /** factor·x + offset */
  | { readonly op: 'linear'; readonly factor: number; readonly offset: number }
  | { readonly op: 'binary'; readonly function: BinaryFunction }
  /** → bool */
  | { readonly op: 'compare'; readonly function: Comparison }
  /** condition (bool), a, b → a where it is true, else b; axes of size 1 broadcast */
  | { readonly op: 'where' }
  | ({ readonly op: 'maxPool' } & Window)
  /** Padding does not count in the mean. */
  | ({ readonly op: 'avgPool' } & Window)
  /** Reduces the axes, which stay with size 1. */
  | { readonly op: 'reduce'; readonly function: Reduction; readonly axes: readonly number[] }
  /** The k largest along the last axis, largest first. */
  | { readonly op: 'topK'; readonly k: number }
  /** Nearest-neighbor, by a whole factor in height and width. */
  | { readonly op: 'upsample'; readonly factor: number }
  | { readonly op: 'concat'; readonly axis: number }
  /** One output per size. The sizes add up to the axis. */
  | { readonly op: 'split'; readonly axis: number; readonly sizes: readonly number[] }
  | { readonly op: 'slice'; readonly axis: number; readonly start: number; readonly end: number }
  /** Adds zeros before and after an axis. */
  | { readonly op: 'pad'; readonly axis: number; readonly before: number; readonly after: number }
  /** Repeats axes of size 1. */
  | { readonly op: 'expand'; readonly shape: Shape }
  /** `batch` may only be the first size. */
  | { readonly op: 'reshape'; readonly shape: Shape }
  | { readonly op: 'transpose'; readonly permutation: readonly number[] }
  /** x [N, I], weight [O, I], optional bias [O] → [N, O] */
  | { readonly op: 'dense' }
  /** a [..., M, K] · b [..., K, N] → [..., M, N]; a transposed input is given as [..., K, M] or [..., N, K] */
  | { readonly op: 'matMul'; readonly transposeA: boolean; readonly transposeB: boolean }
  | { readonly op: 'softmax'; readonly axis: number }
  | { readonly op: 'cast'; readonly to: DataType }
  /** Returns its input, but no gradient flows through it. */
  | { readonly op: 'stopGradient' }
  /** dy [N, O, H', W'], weight → dx [N, C, height, width] */
  | ({ readonly op: 'convGradInput' } & Convolution & Area)
  /** x, dy → dweight [O, C / groups, kernel, kernel] */
  | ({ readonly op: 'convGradFilter'; readonly kernel: number } & Convolution)
  /** x, weight, batch mean, batch variance, dy → dx, dweight, dbias */
  | { readonly op: 'batchNormGrad'; readonly epsilon: number }
  /** x, y, dy → dx; the pixels of a window that share the maximum share its gradient evenly. */
  | ({ readonly op: 'maxPoolGrad' } & Window)
  /** dy → dx [N, C, height, width] */
  | ({ readonly op: 'avgPoolGrad' } & Window & Area)
  /** y of a leakyRelu (slope 0: of a relu), dy → dy where y > 0, else slope·dy */
  | { readonly op: 'leakyReluGrad'; readonly slope: number }
  /** x and y of a silu, dy → dy·σ(x)·(1 + x − y) */
  | { readonly op: 'siluGrad' }
  /** x or y of a clip, dy → dy where min < x < max, else 0 */
  | { readonly op: 'clipGrad'; readonly min: number; readonly max: number };

/** A tensor of the graph. */
export interface Value {
  readonly id: number;
  readonly shape: Shape;
  readonly type: DataType;
}

/** One operation with the values that it reads and writes. */
export interface Node {
  /** The operation. */
  readonly operation: Operation;
  /** Values that it reads, in the operation's order. */
  readonly inputs: readonly Value[];
  /** Values that it produces, in the operation's order. */
  readonly outputs: readonly Value[];
}

/** A value with a name and a shape. */
export interface NamedValue {
  /** Name, unique in the graph. */
  readonly name: string;
  /** The value. */
  readonly value: Value;
}

/** A recorded computation: a list of operations on named values. */
export interface Graph {
  /** Values that are fed at each run. */
  readonly inputs: readonly NamedValue[];
  /** Weights and other constants, by name. */
  readonly parameters: readonly NamedValue[];
  /** Nodes, in the order of execution. */
  readonly nodes: readonly Node[];
  /** Outputs of the graph. */
  readonly outputs: readonly NamedValue[];
}

/** Contents of a parameter. */
export interface Tensor {
  /** Size of each axis. */
  readonly shape: readonly number[];
  /** Values in row-major order. */
  readonly data: Float32Array;
}

/** Tensors by name. */
export type Tensors = ReadonlyMap<string, Tensor>;
