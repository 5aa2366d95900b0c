import { MicroYoloError } from '../foundation/errors/errors.ts';
import type { Padding } from '../foundation/padding.ts';
import type { DataType, Dimension, Operation, Shape, Value } from './operations.ts';

interface Type {
  readonly shape: Shape;
  readonly type: DataType;
}

function fail(operation: Operation, problem: string): never {
  throw new MicroYoloError('invalid-network', `operation ${operation.op}: ${problem}`);
}

function known(operation: Operation, size: Dimension | undefined): number {
  if (typeof size !== 'number')
    return fail(operation, `an axis of unknown size (${size}) where a number is needed`);
  return size;
}

function windowed(
  operation: Operation,
  shape: Shape,
  [tall, wide]: readonly [height: number, width: number],
  stride: number,
  padding: Padding,
): Dimension[] {
  const [top, left, bottom, right] = padding;
  const side = (axis: number, kernel: number, before: number, after: number) =>
    Math.floor((known(operation, shape[axis]) + before + after - kernel) / stride) + 1;
  return [side(2, tall, top, bottom), side(3, wide, left, right)];
}

function broadcast(operation: Operation, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const at = (shape: Shape, axis: number): Dimension => shape[axis - (rank - shape.length)] ?? 1;
  return Array.from({ length: rank }, (_, axis) => {
    const [left, right] = [at(a, axis), at(b, axis)];
    if (left !== right && left !== 1 && right !== 1)
      fail(operation, `shapes ${a.join('×')} and ${b.join('×')}`);
    return left === 1 ? right : left;
  });
}

function reshaped(operation: Operation, from: Shape, to: Shape): Shape {
  const count = (shape: Shape) =>
    shape.reduce<number>((product, size) => product * (size === 'batch' ? 1 : size), 1);
  const batches = (shape: Shape) => shape.filter((size) => size === 'batch').length;
  if (count(from) !== count(to) || batches(from) !== batches(to)) {
    fail(operation, `${from.join('×')} does not have the elements of ${to.join('×')}`);
  }
  return to;
}

function multiplied(operation: Operation & { op: 'matMul' }, a: Shape, b: Shape): Shape {
  const [rows, inner] = operation.transposeA ? [a.at(-1), a.at(-2)] : [a.at(-2), a.at(-1)];
  const [same, columns] = operation.transposeB ? [b.at(-1), b.at(-2)] : [b.at(-2), b.at(-1)];
  const leading = a.slice(0, -2);
  if (inner !== same || leading.join() !== b.slice(0, -2).join()) {
    fail(operation, `shapes ${a.join('×')} and ${b.join('×')}`);
  }
  return [...leading, rows!, columns!];
}

/**
 * Shapes and types of an operation's outputs.
 * @throws MicroYoloError `invalid-network` if the inputs do not fit
 */
export function outputTypes(operation: Operation, inputs: readonly Value[]): readonly Type[] {
  if (operation.op === 'constant') return [{ shape: operation.tensor.shape, type: 'float32' }];
  const [x, second, third] = inputs;
  if (!x) return fail(operation, 'has no input');
  const { shape, type } = x;
  const same: Type[] = [x];
  const given = inputs.length === 1 ? 'has one input' : `has ${inputs.length} inputs`;
  const needed = (value: Value | undefined, problem = given): Value => value ?? fail(operation, problem);
  switch (operation.op) {
    case 'conv': {
      const [outChannels, perGroup, height, width] = needed(second, 'has no weight').shape;
      if (known(operation, shape[1]) !== known(operation, perGroup) * operation.groups) {
        fail(operation, `${shape[1]} channels, its weight is for ${perGroup} × ${operation.groups} groups`);
      }
      const kernel = [known(operation, height), known(operation, width)] as const;
      const sides = windowed(operation, shape, kernel, operation.stride, operation.padding);
      return [{ shape: [shape[0]!, outChannels!, ...sides], type }];
    }
    case 'convGradInput': {
      const perGroup = known(operation, needed(second).shape[1]);
      return [{ shape: [shape[0]!, perGroup * operation.groups, operation.height, operation.width], type }];
    }
    case 'convGradFilter': {
      const perGroup = known(operation, shape[1]) / operation.groups;
      const { kernel } = operation;
      return [{ shape: [needed(second).shape[1]!, perGroup, kernel, kernel], type }];
    }
    case 'batchNormGrad': {
      const channels = { shape: [shape[1]!], type };
      return [x, channels, channels];
    }
    case 'avgPoolGrad':
      return [{ shape: [shape[0]!, shape[1]!, operation.height, operation.width], type }];
    case 'batchNormTraining': {
      const channels = { shape: [shape[1]!], type };
      return [x, channels, channels];
    }
    case 'batchNorm':
    case 'unary':
    case 'leakyRelu':
    case 'silu':
    case 'clip':
    case 'fakeQuantize':
    case 'hardSigmoid':
    case 'linear':
    case 'softmax':
    case 'stopGradient':
    case 'maxPoolGrad':
    case 'leakyReluGrad':
    case 'siluGrad':
    case 'clipGrad':
      return same;
    case 'compare':
      return [{ shape: broadcast(operation, shape, needed(second).shape), type: 'bool' }];
    case 'where': {
      const [a, b] = [needed(second), needed(third)];
      return [{ shape: broadcast(operation, shape, broadcast(operation, a.shape, b.shape)), type: a.type }];
    }
    case 'binary':
      return [{ shape: broadcast(operation, shape, needed(second).shape), type }];
    case 'maxPool':
    case 'avgPool': {
      const { kernel, stride, padding } = operation;
      const sides = windowed(operation, shape, [kernel, kernel], stride, padding);
      return [{ shape: [shape[0]!, shape[1]!, ...sides], type }];
    }
    case 'topK':
      if (!(operation.k <= known(operation, shape.at(-1)))) {
        fail(operation, `the ${operation.k} largest of ${shape.at(-1)}`);
      }
      return [{ shape: [...shape.slice(0, -1), operation.k], type }];
    case 'split': {
      const { axis, sizes } = operation;
      const sum = sizes.reduce((total, size) => total + size, 0);
      if (sum !== shape[axis]) fail(operation, `sizes ${sizes.join(' + ')} of an axis of ${shape[axis]}`);
      return sizes.map((size) => ({ shape: shape.with(axis, size), type }));
    }
    case 'pad': {
      const { axis, before, after } = operation;
      return [{ shape: shape.with(axis, known(operation, shape[axis]) + before + after), type }];
    }
    case 'expand': {
      const fits = shape.every((size, axis) => size === 1 || size === operation.shape[axis]);
      if (!fits || shape.length !== operation.shape.length) {
        fail(operation, `${shape.join('×')} to ${operation.shape.join('×')}`);
      }
      return [{ shape: operation.shape, type }];
    }
    case 'matMul':
      return [{ shape: multiplied(operation, shape, needed(second).shape), type }];
    case 'reduce':
      return [{ shape: shape.map((size, axis) => (operation.axes.includes(axis) ? 1 : size)), type }];
    case 'upsample': {
      const [height, width] = [known(operation, shape[2]), known(operation, shape[3])];
      return [{ shape: [shape[0]!, shape[1]!, height * operation.factor, width * operation.factor], type }];
    }
    case 'concat': {
      const sum = inputs.reduce((total, input) => total + known(operation, input.shape[operation.axis]), 0);
      return [{ shape: shape.map((size, axis) => (axis === operation.axis ? sum : size)), type }];
    }
    case 'slice': {
      const size = operation.end - operation.start;
      return [{ shape: shape.map((old, axis) => (axis === operation.axis ? size : old)), type }];
    }
    case 'reshape':
      return [{ shape: reshaped(operation, shape, operation.shape), type }];
    case 'transpose':
      return [{ shape: operation.permutation.map((axis) => shape[axis]!), type }];
    case 'dense':
      return [{ shape: [shape[0]!, needed(second, 'has no weight').shape[0]!], type }];
    case 'cast':
      return [{ shape, type: operation.to }];
  }
}
