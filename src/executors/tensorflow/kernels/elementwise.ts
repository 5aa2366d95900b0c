import type { BinaryFunction, Comparison, DataType, UnaryFunction } from '../../../graph/operations.ts';
import type { TfDataType, TfTensor } from '../tfjs.ts';
import type { Kernels } from './kernels.ts';

/** Names of the kernels. */
export const UNARY: Readonly<Record<UnaryFunction, string>> = {
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
export const BINARY: Readonly<Record<BinaryFunction, string>> = {
  add: 'Add',
  subtract: 'Sub',
  multiply: 'Multiply',
  divide: 'RealDiv',
  maximum: 'Maximum',
  minimum: 'Minimum',
};
export const COMPARISONS: Readonly<Record<Comparison, string>> = {
  less: 'Less',
  lessOrEqual: 'LessEqual',
  greater: 'Greater',
  greaterOrEqual: 'GreaterEqual',
  equal: 'Equal',
};

/** factor·x + offset */
export function linear(k: Kernels, x: TfTensor, factor: number, offset: number): TfTensor {
  const product = factor === 1 ? x : k.multiply(x, k.number(factor));
  if (offset !== 0) return k.add(product, k.number(offset));
  return product === x ? k.identity(x) : product;
}

export function clip(k: Kernels, x: TfTensor, min: number, max: number): TfTensor {
  return k.run('ClipByValue', { x }, { clipValueMin: min, clipValueMax: max });
}

export function leakyReluGrad(k: Kernels, y: TfTensor, dy: TfTensor, slope: number): TfTensor {
  if (k.isNative) return k.native('LeakyReluGrad', [dy, y], { alpha: { float: slope } })[0]!;
  const isPositive = k.run('Greater', { a: y, b: k.number(0) });
  return k.select(isPositive, dy, k.multiply(dy, k.number(slope)));
}

export function siluGrad(k: Kernels, x: TfTensor, y: TfTensor, dy: TfTensor): TfTensor {
  const sigmoid = k.run(UNARY.sigmoid, { x });
  const rise = k.add(k.run(BINARY.subtract, { a: x, b: y }), k.number(1));
  return k.multiply(k.multiply(dy, sigmoid), rise);
}

export function clipGrad(k: Kernels, x: TfTensor, dy: TfTensor, min: number, max: number): TfTensor {
  const above = k.run('Greater', { a: x, b: k.number(min) });
  const below = k.run('Less', { a: x, b: k.number(max) });
  return k.select(k.run('LogicalAnd', { a: above, b: below }), dy, k.run('ZerosLike', { x: dy }));
}

export function fakeQuantize(k: Kernels, x: TfTensor, scale: number, zeroPoint: number): TfTensor {
  const rounded = k.run('Round', { x: k.divide(x, k.number(scale)) });
  return k.multiply(clip(k, rounded, -zeroPoint, 255 - zeroPoint), k.number(scale));
}

/**
 * TensorFlow.js has no byte type, and its integers are unreliable on some backends. So bytes are stored as integral
 * float32 values.
 */
export const DATA_TYPES: Readonly<Record<DataType, TfDataType>> = {
  float32: 'float32',
  uint8: 'float32',
  bool: 'bool',
};

export function cast(k: Kernels, x: TfTensor, to: DataType): TfTensor {
  if (to === 'uint8') return k.run('Floor', { x });
  const dtype = DATA_TYPES[to];
  if (x.dtype === dtype) return k.identity(x);
  const converted = k.run('Cast', { x }, { dtype });
  // WebGPU's kernel only changes the declared type, and its other kernels then reject the integers.
  return x.dtype === 'bool' && !k.isNative ? k.multiply(converted, k.number(1)) : converted;
}
