import type { OnnxEmitter } from '../emitter.ts';
import { NCHWC } from './layout.ts';

/** Nearest-neighbor, by a whole factor. */
export function upsample(to: OnnxEmitter, x: string, factor: number): string {
  return to.op('Upsample', [x], { scales: [1, 1, factor, factor] }, NCHWC);
}

/** Windows side by side without padding; see the plain form. */
export function tiledMaxPoolGrad(
  to: OnnxEmitter,
  kernel: number,
  [x, y, dy]: readonly [string, string, string],
): string {
  const window = { kernel_shape: [kernel, kernel], strides: [kernel, kernel] };
  const mask = to.op('Cast', [to.op('Equal', [x, upsample(to, y, kernel)])], { to: 1 });
  const share = to.op('AveragePool', [mask], window, NCHWC);
  const each = to.op('Mul', [to.op('Div', [dy, share]), to.scalar(1 / kernel ** 2)]);
  return to.op('Mul', [mask, upsample(to, each, kernel)]);
}
