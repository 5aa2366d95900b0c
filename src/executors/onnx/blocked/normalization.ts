import type { OnnxEmitter } from '../emitter.ts';
import { inverseDeviation } from '../plain/normalization.ts';
import { affine, type BlockedMap, type FusedActivation, pixelProducts, pixelSums } from './channels.ts';

interface Channels {
  /** As the network has them. */
  readonly count: number;
  /** With those that fill up the last block. */
  readonly padded: number;
}

const fill = (to: OnnxEmitter, vector: string, { count, padded }: Channels) =>
  to.pad(vector, [0], [padded - count]);
const cut = (to: OnnxEmitter, vector: string, { count, padded }: Channels) =>
  count === padded ? vector : to.slice(vector, [0], [0], [count]);

/** Normalized x with an activation in the same pass, mean and variance. */
export function batchNormTraining(
  to: OnnxEmitter,
  epsilon: number,
  x: BlockedMap,
  channels: number,
  [weight, bias]: readonly [string, string],
  activation?: FusedActivation,
): readonly [y: string, mean: string, variance: string] {
  const [batch, padded, height, width] = x.shape;
  const size = { count: channels, padded };
  const share = to.scalar(1 / (batch * height * width));
  const mul = (a: string, b: string) => to.op('Mul', [a, b]);
  const mean = mul(to.sum(pixelSums(to, x), [0]), share);
  const square = mul(to.sum(pixelProducts(to, x, x.name), [0]), share);
  const variance = to.op('Max', [to.op('Sub', [square, mul(mean, mean)]), to.scalar(0)]);
  const scale = mul(fill(to, weight, size), inverseDeviation(to, variance, epsilon));
  const shift = to.op('Sub', [fill(to, bias, size), mul(mean, scale)]);
  const y = affine(to, x, scale, { shift, ...(activation ? { activation } : {}) });
  return [y, cut(to, mean, size), cut(to, variance, size)];
}

/** dx, dweight and dbias; see the plain form for the formula. */
export function batchNormGrad(
  to: OnnxEmitter,
  epsilon: number,
  x: BlockedMap,
  channels: number,
  [weight, mean, variance, dy]: readonly [string, string, string, string],
): readonly [dx: string, dweight: string, dbias: string] {
  const [batch, padded, height, width] = x.shape;
  const size = { count: channels, padded };
  const minusShare = to.scalar(-1 / (batch * height * width));
  const mul = (a: string, b: string) => to.op('Mul', [a, b]);
  const average = fill(to, mean, size);
  const inverse = inverseDeviation(to, fill(to, variance, size), epsilon);
  const scale = mul(fill(to, weight, size), inverse);
  const gradient = { ...x, name: dy };
  const dbias = to.sum(pixelSums(to, gradient), [0]);
  const product = to.sum(pixelProducts(to, x, dy), [0]);
  const dweight = mul(inverse, to.op('Sub', [product, mul(average, dbias)]));
  // dx = scale·dy + slope·x + offset
  const slope = mul(mul(scale, inverse), mul(dweight, minusShare));
  const offset = to.op('Sub', [mul(mul(scale, dbias), minusShare), mul(slope, average)]);
  const correction = affine(to, x, slope, { shift: offset });
  const dx = affine(to, gradient, scale, { sum: correction });
  return [dx, cut(to, dweight, size), cut(to, dbias, size)];
}
