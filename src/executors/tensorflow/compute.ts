import type { Operation, Reduction, Shape } from '../../graph/operations.ts';
import { conv, convGradFilter, convGradInput } from './kernels/convolution.ts';
import {
  BINARY,
  COMPARISONS,
  cast,
  clip,
  clipGrad,
  fakeQuantize,
  leakyReluGrad,
  linear,
  siluGrad,
  UNARY,
} from './kernels/elementwise.ts';
import type { Kernels } from './kernels/kernels.ts';
import { batchNorm, batchNormGrad, batchNormTraining } from './kernels/normalization.ts';
import { avgPool, avgPoolGrad, maxPool, maxPoolGrad } from './kernels/pooling.ts';
import { isPlain, type Order, permutation, physicalShape, plain } from './layout.ts';
import type { TfTensor } from './tfjs.ts';

/** Expands tensors with fewer axes than the order has with leading axes, and reorders them. */
function aligned(k: Kernels, inputs: readonly TfTensor[], order: Order): readonly TfTensor[] {
  const rank = order.length;
  if (isPlain(order)) return inputs;
  return inputs.map((x) => {
    if (x.shape.length === rank || x.shape.length === 0) return x;
    const wide = k.reshape(x, [...Array<number>(rank - x.shape.length).fill(1), ...x.shape]);
    return k.transpose(wide, permutation(plain(rank), order));
  });
}

function broadcastShape(shapes: readonly (readonly number[])[]): readonly number[] {
  const rank = Math.max(...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis) =>
    Math.max(...shapes.map((shape) => shape[axis - (rank - shape.length)] ?? 1)),
  );
}

/** TensorFlow.js only selects among tensors with equal shapes and few axes. */
function where(k: Kernels, inputs: readonly TfTensor[]): TfTensor {
  const shape = broadcastShape(inputs.map((x) => x.shape));
  const flat = inputs.map((x) => k.reshape(k.broadcast(x, shape), [-1])) as [TfTensor, TfTensor, TfTensor];
  return k.reshape(k.select(...flat), shape);
}

function reduce(k: Kernels, name: Reduction, x: TfTensor, axis: readonly number[]): TfTensor {
  const value = name === 'sumOfSquares' ? k.run('Square', { x }) : x;
  if (axis.length === 0) return value === x ? k.identity(x) : value;
  const kernel = ({ sum: 'Sum', mean: 'Mean', max: 'Max', sumOfSquares: 'Sum' } as const)[name];
  // Some backends remove the axes even if asked to keep them.
  const reduced = k.run(kernel, { x: value }, { axis, reductionIndices: axis, keepDims: true });
  return k.reshape(
    reduced,
    x.shape.map((size, place) => (axis.includes(place) ? 1 : size)),
  );
}

/** The maximum is subtracted first, so that exp does not overflow. */
function softmax(k: Kernels, x: TfTensor, axis: number): TfTensor {
  const powers = k.run('Exp', { x: k.subtract(x, reduce(k, 'max', x, [axis])) });
  return k.divide(powers, reduce(k, 'sum', powers, [axis]));
}

function matMul(k: Kernels, a: TfTensor, b: TfTensor, transposeA: boolean, transposeB: boolean): TfTensor {
  const [first, second] = [a, b].map((x) => k.reshape(x, [-1, x.shape.at(-2)!, x.shape.at(-1)!]));
  const product = k.run('BatchMatMul', { a: first!, b: second! }, { transposeA, transposeB });
  return k.reshape(product, [...a.shape.slice(0, -2), ...product.shape.slice(1)]);
}

/**
 * Computes the outputs of one operation, in the layout of `ordersOf`. Intermediate tensors are left to the surrounding
 * `tidy`.
 * @param given inputs, in the layout of `ordersOf`
 * @param order of the outputs that have the same number of axes
 * @param resolve returns a logical shape with the batch size in place of `batch`
 */
export function compute(
  k: Kernels,
  operation: Operation,
  given: readonly TfTensor[],
  order: Order,
  resolve: (shape: Shape) => readonly number[],
): readonly TfTensor[] {
  const [x, second, third] = given as [TfTensor, TfTensor, TfTensor];
  const place = (axis: number) => order.indexOf(axis);
  switch (operation.op) {
    case 'constant': {
      const { shape, data } = operation.tensor;
      return [k.tensor(data, shape)];
    }
    case 'conv': {
      const y = conv(k, operation, x, second);
      return [third ? k.add(y, third) : y];
    }
    case 'convGradInput':
      return [convGradInput(k, operation, x, second, [operation.height, operation.width])];
    case 'convGradFilter':
      return [convGradFilter(k, operation, x, second, operation.kernel)];
    case 'batchNorm':
      return [batchNorm(k, operation.epsilon, given)];
    case 'batchNormTraining':
      return batchNormTraining(k, operation.epsilon, given);
    case 'batchNormGrad':
      return batchNormGrad(k, operation.epsilon, given);
    case 'unary':
      return [k.run(UNARY[operation.function], { x })];
    case 'leakyRelu':
      return [k.run('LeakyRelu', { x }, { alpha: operation.slope })];
    case 'leakyReluGrad':
      return [leakyReluGrad(k, x, second, operation.slope)];
    case 'silu':
      return [k.multiply(x, k.run(UNARY.sigmoid, { x }))];
    case 'siluGrad':
      return [siluGrad(k, x, second, third)];
    case 'clip':
      return [clip(k, x, operation.min, operation.max)];
    case 'clipGrad':
      return [clipGrad(k, x, second, operation.min, operation.max)];
    case 'fakeQuantize':
      return [fakeQuantize(k, x, operation.scale, operation.zeroPoint)];
    case 'hardSigmoid':
      return [clip(k, linear(k, x, operation.slope, operation.offset), 0, 1)];
    case 'linear':
      return [linear(k, x, operation.factor, operation.offset)];
    case 'binary': {
      const [a, b] = aligned(k, given, order) as [TfTensor, TfTensor];
      return [k.run(BINARY[operation.function], { a, b })];
    }
    case 'compare': {
      const [a, b] = aligned(k, given, order) as [TfTensor, TfTensor];
      return [k.run(COMPARISONS[operation.function], { a, b })];
    }
    case 'where':
      return [where(k, aligned(k, given, order))];
    case 'cast':
      return [cast(k, x, operation.to)];
    case 'maxPool':
      return [maxPool(k, operation, x)];
    case 'maxPoolGrad':
      return [maxPoolGrad(k, operation, given)];
    case 'avgPool':
      return [avgPool(k, operation, x)];
    case 'avgPoolGrad':
      return [avgPoolGrad(k, operation, x, [operation.height, operation.width])];
    case 'reduce':
      return [reduce(k, operation.function, x, operation.axes.map(place))];
    case 'topK':
      return k.runAll('TopK', { x }, { k: operation.k, sorted: true }).slice(0, 1);
    case 'softmax':
      return [softmax(k, x, place(operation.axis))];
    case 'upsample': {
      const [, height, width] = x.shape as [number, number, number, number];
      const size = [height * operation.factor, width * operation.factor];
      const attributes = { size, alignCorners: false, halfPixelCenters: false };
      return [k.run('ResizeNearestNeighbor', { images: x }, attributes)];
    }
    case 'concat':
      return [k.concat(given, place(operation.axis))];
    case 'split': {
      const axis = place(operation.axis);
      return k.runAll('SplitV', { x }, { numOrSizeSplits: operation.sizes, axis });
    }
    case 'slice':
      return [k.slice(x, place(operation.axis), operation.start, operation.end)];
    case 'pad': {
      const axis = place(operation.axis);
      const { before, after } = operation;
      const paddings = x.shape.map((_, at) => (at === axis ? ([before, after] as const) : ([0, 0] as const)));
      const y = k.pad(x, paddings);
      return [y === x ? k.identity(x) : y];
    }
    case 'expand': {
      const y = k.broadcast(x, physicalShape(resolve(operation.shape), order));
      return [y === x ? k.identity(x) : y];
    }
    case 'reshape':
      return [k.reshape(x, resolve(operation.shape))];
    // No data moves: see `ordersOf`.
    case 'transpose':
    case 'stopGradient':
      return [k.identity(x)];
    case 'dense': {
      const y = matMul(k, x, second, false, true);
      return [third ? k.add(y, third) : y];
    }
    case 'matMul':
      return [matMul(k, x, second, operation.transposeA, operation.transposeB)];
  }
}
