import type { Operation, Shape } from '../operations.ts';
import { concat, expand, pad, reshape, slice, split, transpose, upsample } from './arrangement.ts';
import { conv, convGradFilter, convGradInput } from './convolution.ts';
import {
  binaryFunctions,
  casts,
  clip,
  comparisons,
  fakeQuantize,
  mapElements,
  unaryFunctions,
} from './elementwise.ts';
import { batchNorm, batchNormGrad, batchNormTraining } from './normalization.ts';
import { avgPool, avgPoolGrad, maxPool, maxPoolGrad } from './pooling.ts';
import { dense, matMul } from './products.ts';
import { reduce, softmax, topK } from './reductions.ts';
import type { ReferenceTensor } from './tensor.ts';

/**
 * The outputs of one operation.
 * @param resolve a shape with the batch's size in the place of `batch`
 */
export function compute(
  operation: Operation,
  inputs: readonly ReferenceTensor[],
  resolve: (shape: Shape) => readonly number[],
): readonly ReferenceTensor[] {
  const [x, second, third] = inputs as [ReferenceTensor, ReferenceTensor, ReferenceTensor];
  const map = (apply: (a: number, b: number, c: number) => number) => [mapElements(inputs, apply)];
  switch (operation.op) {
    case 'constant': {
      const { shape, data } = operation.tensor;
      return [{ shape, data: new Float64Array(data) }];
    }
    case 'conv':
      return [conv(operation, x, second, third)];
    case 'convGradInput':
      return [convGradInput(operation, x, second)];
    case 'convGradFilter':
      return [convGradFilter(operation, x, second)];
    case 'batchNorm':
      return [batchNorm(operation.epsilon, x, inputs.slice(1))];
    case 'batchNormTraining':
      return batchNormTraining(operation.epsilon, x, second, third);
    case 'batchNormGrad':
      return batchNormGrad(operation.epsilon, inputs);
    case 'unary':
      return map(unaryFunctions[operation.function]);
    case 'leakyRelu':
      return map((value) => (value > 0 ? value : operation.slope * value));
    case 'leakyReluGrad':
      return map((y, dy) => (y > 0 ? dy : operation.slope * dy));
    case 'silu':
      return map((value) => value * unaryFunctions.sigmoid(value));
    case 'siluGrad':
      return map((value, y, dy) => dy * unaryFunctions.sigmoid(value) * (1 + value - y));
    case 'clip':
      return map(clip(operation.min, operation.max));
    case 'clipGrad':
      return map((value, dy) => (value > operation.min && value < operation.max ? dy : 0));
    case 'fakeQuantize':
      return map(fakeQuantize(operation));
    case 'hardSigmoid': {
      const toUnit = clip(0, 1);
      return map((value) => toUnit(operation.slope * value + operation.offset));
    }
    case 'linear':
      return map((value) => operation.factor * value + operation.offset);
    case 'binary':
      return map(binaryFunctions[operation.function]);
    case 'compare':
      return map(comparisons[operation.function]);
    case 'where':
      return map((condition, a, b) => (condition !== 0 ? a : b));
    case 'cast':
      return map(casts[operation.to]);
    case 'maxPool':
      return [maxPool(operation, x)];
    case 'maxPoolGrad':
      return [maxPoolGrad(operation, x, second, third)];
    case 'avgPool':
      return [avgPool(operation, x)];
    case 'avgPoolGrad':
      return [avgPoolGrad(operation, x)];
    case 'reduce':
      return [reduce(operation.function, operation.axes, x)];
    case 'topK':
      return [topK(operation, x)];
    case 'softmax':
      return [softmax(operation.axis, x)];
    case 'upsample':
      return [upsample(operation.factor, x)];
    case 'concat':
      return [concat(operation.axis, inputs)];
    case 'split':
      return split(operation, x);
    case 'slice':
      return [slice(operation.axis, operation.start, operation.end, x)];
    case 'pad':
      return [pad(operation, x)];
    case 'expand':
      return [expand(resolve(operation.shape), x)];
    case 'reshape':
      return [reshape(resolve(operation.shape), x)];
    case 'transpose':
      return [transpose(operation.permutation, x)];
    case 'dense':
      return [dense(x, second, third)];
    case 'matMul':
      return [matMul(operation, x, second)];
    case 'stopGradient':
      return [x];
  }
}
