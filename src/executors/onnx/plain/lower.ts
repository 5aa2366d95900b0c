// This file is long because one switch has a case for each operation of a graph.
import type {
  BinaryFunction,
  Comparison,
  Graph,
  Node,
  Shape,
  UnaryFunction,
  Value,
} from '../../../graph/operations.ts';
import type { BoundGraph } from '../../../graph/passes/fold.ts';
import { OnnxEmitter } from '../emitter.ts';
import { type Attributes, type OnnxModel, onnxType } from '../file.ts';
import type { LoweredStep } from '../lowered-step.ts';
import { convGradFilter } from './conv-grad-filter.ts';
import { convGradInput } from './conv-grad-input.ts';
import { batchNormGrad, batchNormTraining } from './normalization.ts';
import { avgPoolGrad, maxPoolGrad, upsample } from './pooling.ts';

const UNARY: Readonly<Record<UnaryFunction, string>> = {
  relu: 'Relu',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  softplus: 'Softplus',
  elu: 'Elu',
  selu: 'Selu',
  exp: 'Exp',
  log: 'Log',
  sqrt: 'Sqrt',
  reciprocal: 'Reciprocal',
  abs: 'Abs',
  arctan: 'Atan',
};
const BINARY: Readonly<Record<BinaryFunction, string>> = {
  add: 'Add',
  subtract: 'Sub',
  multiply: 'Mul',
  divide: 'Div',
  maximum: 'Max',
  minimum: 'Min',
};
const COMPARISONS: Readonly<Record<Comparison, string>> = {
  less: 'Less',
  lessOrEqual: 'LessOrEqual',
  greater: 'Greater',
  greaterOrEqual: 'GreaterOrEqual',
  equal: 'Equal',
};

/**
 * ONNX has no number for an axis of unknown size. 0 keeps the size of the input's axis at the same position, which is
 * that of `batch`.
 */
const target = (shape: Shape) => shape.map((size) => (size === 'batch' ? 0 : size));

/**
 * Reciprocal of the smallest value that counts as positive. A mask computed by a product and a clip is many times as
 * fast as a comparison and a selection.
 */
export const STEEP = 2 ** 60;

/** 1 if y > 0, otherwise `slope`. */
export function positiveMask(to: OnnxEmitter, y: string, slope: number): string {
  if (slope === 0) return to.op('HardSigmoid', [y], { alpha: { float: STEEP }, beta: { float: 0 } });
  return to.op('Clip', [to.op('Mul', [y, to.scalar(STEEP)]), to.scalar(slope), to.scalar(1)]);
}

/** ONNX's default offset of a hard sigmoid. */
const DEFAULT_OFFSET = 0.5;

/**
 * The default offset is not written to the file. OpenCV replaces each product of a tensor and a hard sigmoid with both
 * 1/6 and 0.5 by a hard swish, whatever the tensor is. This breaks the gates of squeeze and excitation.
 */
function hardSigmoidAttributes(slope: number, offset: number): Attributes {
  const alpha = { float: slope };
  return offset === DEFAULT_OFFSET ? { alpha } : { alpha, beta: { float: offset } };
}

const NUMBER: Value = { id: -1, shape: [], type: 'float32' };
const isNumber = ({ shape }: Value) => shape.every((size) => size === 1);

/**
 * Computes an element-wise operation of a tensor [A, B, 1, 1] and a scalar as [A, B]. With trailing axes of size 1,
 * runtimes process element by element, which is a hundred times as slow.
 */
function withoutLastAxes(
  to: OnnxEmitter,
  type: string,
  inputs: readonly string[],
  values: readonly Value[],
): string {
  const whole = values.find((value) => !isNumber(value));
  const isNarrow = whole?.shape.length === 4 && whole.shape[2] === 1 && whole.shape[3] === 1;
  if (!isNarrow || !values.some(isNumber)) return to.op(type, inputs);
  const flat = values.map((value, index) => {
    if (!isNumber(value)) return to.reshape(inputs[index]!, [0, -1]);
    // Further axes of size 1 would give the result more than two axes.
    return value.shape.length > 2 ? to.reshape(inputs[index]!, [1]) : inputs[index]!;
  });
  return to.reshape(to.op(type, flat), [0, 0, 1, 1]);
}

/**
 * Returns the names of a node's outputs, given those of its inputs. Uses only standard operations, which every provider
 * computes correctly.
 */
export function lowerNode(
  to: OnnxEmitter,
  { operation, inputs: values, outputs }: Node,
  inputs: readonly string[],
): readonly string[] {
  const [x, second] = inputs as [string, ...string[]];
  const shape = values[0]?.shape ?? [];
  const one = (name: string) => [name];
  switch (operation.op) {
    case 'constant':
      return [to.tensor(operation.tensor.shape, operation.tensor.data)];
    case 'conv': {
      const { stride, padding, groups } = operation;
      const kernel = values[1]!.shape.slice(2) as number[];
      return one(
        to.op('Conv', inputs, {
          kernel_shape: kernel,
          strides: [stride, stride],
          pads: padding,
          group: groups,
        }),
      );
    }
    case 'convGradInput':
      return one(convGradInput(to, operation, inputs, values));
    case 'convGradFilter':
      return one(convGradFilter(to, operation, inputs, values));
    case 'batchNorm':
      return one(to.op('BatchNormalization', inputs, { epsilon: { float: operation.epsilon } }));
    case 'batchNormTraining':
      return batchNormTraining(to, operation.epsilon, inputs);
    case 'batchNormGrad':
      return batchNormGrad(to, operation.epsilon, inputs, shape as readonly number[]);
    case 'unary':
      return one(to.op(UNARY[operation.function], inputs));
    case 'leakyRelu':
      return one(to.op('LeakyRelu', inputs, { alpha: { float: operation.slope } }));
    case 'leakyReluGrad':
      return one(to.op('Mul', [positiveMask(to, x, operation.slope), second!]));
    case 'silu':
      return one(to.op('Mul', [x, to.op('Sigmoid', [x])]));
    case 'siluGrad':
      return one(siluGrad(to, inputs as readonly [string, string, string]));
    case 'clip':
      return one(to.op('Clip', [x, to.scalar(operation.min), to.scalar(operation.max)]));
    case 'fakeQuantize': {
      const scaling = [to.scalar(operation.scale), to.byte(operation.zeroPoint)];
      return one(to.op('DequantizeLinear', [to.op('QuantizeLinear', [x, ...scaling]), ...scaling]));
    }
    case 'clipGrad': {
      const [above, below] = [
        to.op('Greater', [x, to.scalar(operation.min)]),
        to.op('Less', [x, to.scalar(operation.max)]),
      ];
      return one(to.op('Where', [to.op('And', [above, below]), second!, to.scalar(0)]));
    }
    case 'hardSigmoid':
      return one(to.op('HardSigmoid', inputs, hardSigmoidAttributes(operation.slope, operation.offset)));
    case 'linear': {
      const { factor, offset } = operation;
      const pair = [values[0]!, NUMBER];
      const product = factor === 1 ? x : withoutLastAxes(to, 'Mul', [x, to.scalar(factor)], pair);
      if (offset === 0 && product !== x) return one(product);
      return one(withoutLastAxes(to, 'Add', [product, to.scalar(offset)], pair));
    }
    case 'binary':
      return one(withoutLastAxes(to, BINARY[operation.function], inputs, values));
    case 'compare':
      return one(to.op(COMPARISONS[operation.function], inputs));
    case 'where':
      return one(to.op('Where', inputs));
    case 'maxPool':
    case 'avgPool': {
      const { kernel, stride, padding } = operation;
      return one(
        to.op(operation.op === 'maxPool' ? 'MaxPool' : 'AveragePool', inputs, {
          kernel_shape: [kernel, kernel],
          strides: [stride, stride],
          pads: padding,
        }),
      );
    }
    case 'maxPoolGrad':
      return one(maxPoolGrad(to, operation, inputs, shape as readonly number[]));
    case 'avgPoolGrad':
      return one(avgPoolGrad(to, operation, x, shape as readonly number[]));
    case 'reduce':
      return one(reduce(to, operation, x, shape));
    case 'topK':
      return to.ops('TopK', [x, to.integers([operation.k])], 2).slice(0, 1);
    case 'upsample':
      return one(upsample(to, x, operation.factor));
    case 'concat':
      return one(to.op('Concat', inputs, { axis: operation.axis }));
    case 'split': {
      const { axis, sizes } = operation;
      if (sizes.length > MOST_OUTPUTS) return slices(to, x, axis, sizes);
      return to.ops('Split', [x, to.integers(sizes)], sizes.length, { axis });
    }
    case 'slice':
      return one(to.slice(x, [operation.axis], [operation.start], [operation.end]));
    case 'pad': {
      const { axis, before, after } = operation;
      const along = (size: number) => shape.map((_, index) => (index === axis ? size : 0));
      return one(to.pad(x, along(before), along(after)));
    }
    case 'expand':
      return one(to.op('Expand', [x, to.integers(target(operation.shape))]));
    case 'reshape':
      return one(to.reshape(x, target(operation.shape)));
    case 'transpose':
      return one(to.transpose(x, operation.permutation));
    case 'dense':
      return one(to.op('Gemm', inputs, { transB: 1 }));
    case 'matMul':
      return one(matMul(to, operation, inputs, outputs[0]!.shape.length));
    case 'softmax':
      return one(to.op('Softmax', inputs, { axis: operation.axis }));
    case 'cast':
      return one(to.op('Cast', inputs, { to: onnxType(operation.to) }));
    case 'stopGradient':
      return [x];
  }
}

/** WebGPU guarantees eight buffers for a shader, its input among them. */
const MOST_OUTPUTS = 7;

function slices(to: OnnxEmitter, x: string, axis: number, sizes: readonly number[]): readonly string[] {
  let end = 0;
  return sizes.map((size) => {
    end += size;
    return to.slice(x, [axis], [end - size], [end]);
  });
}

/** dy·σ(x)·(1 + x − y) */
function siluGrad(to: OnnxEmitter, [x, y, dy]: readonly [string, string, string]): string {
  const rise = to.op('Add', [to.op('Sub', [x, y]), to.scalar(1)]);
  return to.op('Mul', [to.op('Mul', [dy, to.op('Sigmoid', [x])]), rise]);
}

function reduce(
  to: OnnxEmitter,
  { function: name, axes }: { function: 'sum' | 'mean' | 'max' | 'sumOfSquares'; axes: readonly number[] },
  x: string,
  shape: Shape,
): string {
  switch (name) {
    case 'sum':
      // Summed in two stages, because a single running sum over a whole batch of maps loses precision.
      return axes.join() === '0,2,3' ? to.sum(to.sum(x, [2, 3], true), [0], true) : to.sum(x, axes, true);
    case 'mean': {
      const spatial = axes.join() === '2,3' && shape.length === 4;
      return spatial ? to.op('GlobalAveragePool', [x]) : to.op('ReduceMean', [x], { axes, keepdims: 1 });
    }
    case 'max':
      return to.op('ReduceMax', [x], { axes, keepdims: 1 });
    case 'sumOfSquares': {
      // In two stages as well. Otherwise, the norm of a large kernel is off by 1e-4.
      const [first, ...rest] = axes;
      if (rest.length === 0) return to.op('ReduceSumSquare', [x], { axes, keepdims: 1 });
      return to.sum(to.op('ReduceSumSquare', [x], { axes: rest, keepdims: 1 }), [first!], true);
    }
  }
}

function matMul(
  to: OnnxEmitter,
  { transposeA, transposeB }: { transposeA: boolean; transposeB: boolean },
  [a, b]: readonly string[],
  rank: number,
): string {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const swapped = [...axes.slice(0, -2), rank - 1, rank - 2];
  const turned = (name: string, isTransposed: boolean) => (isTransposed ? to.transpose(name, swapped) : name);
  return to.op('MatMul', [turned(a!, transposeA), turned(b!, transposeB)]);
}

/**
 * Emits the nodes of a graph.
 * @returns the names of its values by id
 */
export function emitNodes(emitter: OnnxEmitter, graph: Graph): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const { name, value } of [...graph.inputs, ...graph.parameters]) names.set(value.id, name);
  for (const node of graph.nodes) {
    const lowered = lowerNode(
      emitter,
      node,
      node.inputs.map(({ id }) => names.get(id)!),
    );
    node.outputs.forEach(({ id }, index) => {
      names.set(id, lowered[index]!);
    });
  }
  return names;
}

/**
 * Lowers a graph to standard ONNX operations, which every provider computes correctly. Parameters without contents
 * become inputs.
 * @param metadata stored in the file for its readers
 */
export function lowerPlain(
  { graph, tensors }: BoundGraph,
  name: string,
  metadata: Readonly<Record<string, string>> = {},
): OnnxModel {
  const emitter = new OnnxEmitter();
  const names = emitNodes(emitter, graph);
  return emitter.model(graph, tensors, name, ({ value }) => names.get(value.id)!, metadata);
}

/** Lowers a training step to standard operations. Its parameters, which are the state, are inputs. */
export function lowerPlainStep(graph: Graph): LoweredStep {
  const model = lowerPlain({ graph, tensors: new Map() }, 'training step');
  return { layout: 'plain', model, packings: new Map() };
}
