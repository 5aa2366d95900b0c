/**
 * A graph is a recorded computation over tensors: values and the operations between them, in execution
 * order. Feature maps are NCHW. Each operation has one shape rule (shapes.ts) and one lowering an executor.
 */

/** Size of an axis; `batch` is known only at run time. */
export type Dimension = number | 'batch';
export type Shape = readonly Dimension[];
export type DataType = 'float32' | 'uint8';

/** [top, left, bottom, right] in pixels. */
export type Padding = readonly [top: number, left: number, bottom: number, right: number];

interface Window {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: Padding;
}

/** Element-wise functions of one tensor. */
export type UnaryFunction = 'relu' | 'sigmoid' | 'tanh' | 'softplus' | 'elu' | 'selu';
/** Element-wise functions of two tensors; axes of size 1 broadcast. */
export type BinaryFunction = 'add' | 'subtract' | 'multiply';

export type Operation =
  /** x [N, C, H, W], weight [O, C / groups, k, k], optional bias [O] → [N, O, H', W'] */
  | { readonly op: 'conv'; readonly stride: number; readonly padding: Padding; readonly groups: number }
  /** x, weight, bias, mean, variance (all [C]) → (x − mean) / √(variance + ε) · weight + bias */
  | { readonly op: 'batchNorm'; readonly epsilon: number }
  /** x, weight, bias → normalized x; mean and biased variance of the batch, each [C] */
  | { readonly op: 'batchNormTraining'; readonly epsilon: number }
  | { readonly op: 'unary'; readonly function: UnaryFunction }
  | { readonly op: 'leakyRelu'; readonly slope: number }
  | { readonly op: 'clip'; readonly min: number; readonly max: number }
  /** max(0, min(1, slope·x + offset)) */
  | { readonly op: 'hardSigmoid'; readonly slope: number; readonly offset: number }
  /** factor·x + offset */
  | { readonly op: 'linear'; readonly factor: number; readonly offset: number }
  | { readonly op: 'binary'; readonly function: BinaryFunction }
  | ({ readonly op: 'maxPool' } & Window)
  /** Padding does not count in the mean. */
  | ({ readonly op: 'avgPool' } & Window)
  /** Mean over the axes, which stay with size 1. */
  | { readonly op: 'mean'; readonly axes: readonly number[] }
  /** Nearest-neighbor, by a whole factor in height and width. */
  | { readonly op: 'upsample'; readonly factor: number }
  | { readonly op: 'concat'; readonly axis: number }
  | { readonly op: 'slice'; readonly axis: number; readonly start: number; readonly end: number }
  /** `batch` may stand in the first place only. */
  | { readonly op: 'reshape'; readonly shape: Shape }
  | { readonly op: 'transpose'; readonly permutation: readonly number[] }
  /** x [N, I], weight [O, I], optional bias [O] → [N, O] */
  | { readonly op: 'dense' }
  | { readonly op: 'softmax'; readonly axis: number }
  | { readonly op: 'cast'; readonly to: DataType };

/** A tensor of the graph. */
export interface Value {
  readonly id: number;
  readonly shape: Shape;
  readonly type: DataType;
}

export interface Node {
  readonly operation: Operation;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

export interface NamedValue {
  readonly name: string;
  readonly value: Value;
}

export interface Graph {
  /** Fed at each run. */
  readonly inputs: readonly NamedValue[];
  /** Weights and other constants, kept apart by name. */
  readonly parameters: readonly NamedValue[];
  readonly nodes: readonly Node[];
  readonly outputs: readonly NamedValue[];
}

/** Contents of a parameter. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type Tensors = ReadonlyMap<string, Tensor>;
