import type { OnnxEmitter } from '../emitter.ts';

const AREA = [2, 3] as const;

/**
 * Sums of x over images and pixels, [C]. They are computed in two stages, because a single running sum over a batch
 * loses precision.
 */
export function channelSums(to: OnnxEmitter, x: string): string {
  return to.sum(to.sum(x, AREA), [0]);
}

const perChannel = (to: OnnxEmitter, x: string) => to.reshape(x, [1, -1, 1, 1]);

export function inverseDeviation(to: OnnxEmitter, variance: string, epsilon: number): string {
  return to.op('Reciprocal', [to.op('Sqrt', [to.op('Add', [variance, to.scalar(epsilon)])])]);
}

/** Normalized x, mean and variance. Inference runtimes lack BatchNormalization's training mode. */
export function batchNormTraining(
  to: OnnxEmitter,
  epsilon: number,
  [x, weight, bias]: readonly string[],
): readonly string[] {
  const axes = { axes: [0, 2, 3], keepdims: 1 };
  const mean = to.op('ReduceMean', [x!], axes);
  const centered = to.op('Sub', [x!, mean]);
  const variance = to.op('ReduceMean', [to.op('Mul', [centered, centered])], axes);
  const statistics = [to.reshape(mean, [-1]), to.reshape(variance, [-1])] as const;
  const y = to.op('BatchNormalization', [x!, weight!, bias!, ...statistics], { epsilon: { float: epsilon } });
  return [y, ...statistics];
}

/** dx = weight / σ · (dy − mean(dy) − x̂ · mean(dy · x̂)); dweight = Σ dy · x̂; dbias = Σ dy */
export function batchNormGrad(
  to: OnnxEmitter,
  epsilon: number,
  [x, weight, mean, variance, dy]: readonly string[],
  [batch, channels, height, width]: readonly number[],
): readonly string[] {
  const count = batch! * height! * width!;
  const inverse = inverseDeviation(to, variance!, epsilon);
  const centered = to.op('Sub', [x!, perChannel(to, mean!)]);
  const dbias = channelSums(to, dy!);
  const dweight = to.op('Mul', [channelSums(to, to.op('Mul', [centered, dy!])), inverse]);
  const mul = (a: string, b: string) => to.op('Mul', [a, b]);
  const share = to.scalar(1 / count);
  const scale = mul(weight!, inverse);
  const [slope, shift] = [mul(mul(mul(dweight, inverse), scale), share), mul(mul(dbias, scale), share)];
  // slope·(x − mean) + shift in one pass
  const one = to.tensorOf(channels!, 1);
  const correction = to.op('BatchNormalization', [x!, slope, shift, mean!, one], { epsilon: { float: 0 } });
  const dx = to.op('Sub', [mul(dy!, perChannel(to, scale)), correction]);
  return [dx, dweight, dbias];
}
