import { elementCount } from '../../foundation/element-count.ts';
import { type ReferenceTensor, zeros } from './tensor.ts';

/** Calls `visit` with each element's place and channel. */
function forEachElement({ shape }: ReferenceTensor, visit: (at: number, channel: number) => void): void {
  const [channels, area] = [shape[1]!, elementCount(shape.slice(2))];
  for (let at = 0; at < elementCount(shape); at++) visit(at, Math.floor(at / area) % channels);
}

/** Mean of each channel [C] of what `term` gives for each element. */
function channelMeans(x: ReferenceTensor, term: (at: number, channel: number) => number): ReferenceTensor {
  const means = zeros([x.shape[1]!]);
  const count = x.data.length / x.shape[1]!;
  forEachElement(x, (at, channel) => {
    means.data[channel]! += term(at, channel) / count;
  });
  return means;
}

export function batchNorm(
  epsilon: number,
  x: ReferenceTensor,
  [weight, bias, mean, variance]: readonly ReferenceTensor[],
): ReferenceTensor {
  const y = zeros(x.shape);
  forEachElement(x, (at, c) => {
    const normalized = (x.data[at]! - mean!.data[c]!) / Math.sqrt(variance!.data[c]! + epsilon);
    y.data[at] = normalized * weight!.data[c]! + bias!.data[c]!;
  });
  return y;
}

/** Normalized x, mean and biased variance of the batch. */
export function batchNormTraining(
  epsilon: number,
  x: ReferenceTensor,
  weight: ReferenceTensor,
  bias: ReferenceTensor,
): readonly ReferenceTensor[] {
  const mean = channelMeans(x, (at) => x.data[at]!);
  const variance = channelMeans(x, (at, c) => (x.data[at]! - mean.data[c]!) ** 2);
  return [batchNorm(epsilon, x, [weight, bias, mean, variance]), mean, variance];
}

/**
 * With x̂ the normalized x: dbias = Σ dy, dweight = Σ dy·x̂ and, since x moves the statistics too,
 * dx = weight / √(variance + ε) · (dy − mean(dy) − x̂ · mean(dy·x̂)). https://arxiv.org/abs/1502.03167, §3
 */
export function batchNormGrad(
  epsilon: number,
  [x, weight, mean, variance, dy]: readonly ReferenceTensor[],
): readonly ReferenceTensor[] {
  const count = x!.data.length / x!.shape[1]!;
  const deviation = variance!.data.map((v) => Math.sqrt(v + epsilon));
  const normalized = (at: number, c: number) => (x!.data[at]! - mean!.data[c]!) / deviation[c]!;
  const meanDy = channelMeans(x!, (at) => dy!.data[at]!);
  const meanProduct = channelMeans(x!, (at, c) => dy!.data[at]! * normalized(at, c));
  const dx = zeros(x!.shape);
  forEachElement(x!, (at, c) => {
    const centered = dy!.data[at]! - meanDy.data[c]! - normalized(at, c) * meanProduct.data[c]!;
    dx.data[at] = (weight!.data[c]! / deviation[c]!) * centered;
  });
  const summed = (means: ReferenceTensor) => ({ ...means, data: means.data.map((value) => value * count) });
  return [dx, summed(meanProduct), summed(meanDy)];
}
