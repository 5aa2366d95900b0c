import type { OnnxEmitter } from '../emitter.ts';
import { STEEP } from '../plain/lower.ts';
import { affine, type BlockedMap } from './channels.ts';
import { MICROSOFT } from './layout.ts';

/** dy where y > 0, else slope·dy. */
export function leakyReluGrad(to: OnnxEmitter, slope: number, y: BlockedMap, dy: string): string {
  const steep = to.tensorOf(y.shape[1], STEEP);
  const mask = affine(to, y, steep, { activation: { type: 'Clip', parameters: [slope, 1] } });
  return to.op('Mul', [mask, dy]);
}

/** x·σ(x) in one pass over memory: ONNX Runtime's `QuickGelu` multiplies while the sigmoid is still in the cache. */
export function silu(to: OnnxEmitter, x: string): string {
  return to.op('QuickGelu', [x], { alpha: { float: 1 } }, MICROSOFT);
}

/** dy·σ(x)·(1 + x − y). The sum takes one pass: a convolution adds its last input on the way out. */
export function siluGrad(to: OnnxEmitter, x: BlockedMap, y: BlockedMap, dy: string): string {
  const [, channels] = y.shape;
  const sum = { shift: to.tensorOf(channels, 1), sum: x.name };
  const rise = affine(to, y, to.tensorOf(channels, -1), sum);
  return to.op('Mul', [to.op('Mul', [dy, to.op('Sigmoid', [x.name])]), rise]);
}
