import { roundHalfEven } from '../../foundation/round-half-even.ts';
import { SELU } from '../gradients/elementwise.ts';
import type { BinaryFunction, Comparison, DataType, UnaryFunction } from '../operations.ts';
import { broadcastStrides, type ReferenceTensor, viewPositions, zeros } from './tensor.ts';

const elu = (x: number) => (x > 0 ? x : Math.expm1(x));
const truth = (holds: boolean) => (holds ? 1 : 0);

export const unaryFunctions: Readonly<Record<UnaryFunction, (x: number) => number>> = {
  relu: (x) => Math.max(0, x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  // log(1 + exp(x)), written so that exp does not overflow.
  softplus: (x) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x))),
  elu,
  selu: (x) => SELU.scale * (x > 0 ? x : SELU.alpha * elu(x)),
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  reciprocal: (x) => 1 / x,
  abs: Math.abs,
  arctan: Math.atan,
};

export const binaryFunctions: Readonly<Record<BinaryFunction, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
};

export const comparisons: Readonly<Record<Comparison, (a: number, b: number) => number>> = {
  less: (a, b) => truth(a < b),
  lessOrEqual: (a, b) => truth(a <= b),
  greater: (a, b) => truth(a > b),
  greaterOrEqual: (a, b) => truth(a >= b),
  equal: (a, b) => truth(a === b),
};

/** A byte is the number without its fraction; what is out of its range is left as it is. */
export const casts: Readonly<Record<DataType, (x: number) => number>> = {
  float32: (x) => x,
  uint8: Math.trunc,
  bool: (x) => truth(x !== 0),
};

export const clip = (min: number, max: number) => (x: number) => Math.min(max, Math.max(min, x));

export function fakeQuantize({ scale, zeroPoint }: { readonly scale: number; readonly zeroPoint: number }) {
  const toByte = clip(0, 255);
  return (x: number) => scale * (toByte(roundHalfEven(x / scale) + zeroPoint) - zeroPoint);
}

function broadcastShape(tensors: readonly ReferenceTensor[]): number[] {
  const rank = Math.max(...tensors.map(({ shape }) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = tensors.map(({ shape }) => shape[axis - (rank - shape.length)] ?? 1);
    return sizes.find((size) => size !== 1) ?? 1;
  });
}

/**
 * A function of one to three tensors, element by element; axes of size 1 broadcast.
 * @param apply of fewer arguments than three ignores the rest
 */
export function mapElements(
  tensors: readonly ReferenceTensor[],
  apply: (a: number, b: number, c: number) => number,
): ReferenceTensor {
  const y = zeros(broadcastShape(tensors));
  const [a, b = a, c = a] = tensors.map(({ shape, data }) => ({
    data,
    at: viewPositions(y.shape, broadcastStrides(shape, y.shape)),
  }));
  for (let i = 0; i < y.data.length; i++)
    y.data[i] = apply(a!.data[a!.at[i]!]!, b!.data[b!.at[i]!]!, c!.data[c!.at[i]!]!);
  return y;
}
