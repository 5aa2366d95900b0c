import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { Network } from '../../network/layers.ts';

/** How reals become bytes: real = scale · (byte − zeroPoint). */
export interface ByteScale {
  /** Above 0. */
  readonly scale: number;
  /** 0–255. */
  readonly zeroPoint: number;
}

/** What of a network is rounded to 8 bits and back, as a quantized one rounds it. */
export interface SimulatedQuantization {
  /** Bits of weights, 7 or 8. */
  readonly bits: number;
  /** Convolutions whose weights are rounded, by layer. */
  readonly kernels: readonly string[];
  /** Scales of the maps that are rounded, by layer; of an activation's gate by `LAYER.gate`. */
  readonly maps: Readonly<Record<string, ByteScale>>;
}

/** The largest whole number for weights of so many bits: of 7 bits 64, as `reduce_range` of ONNX Runtime has it. */
export const largestWeight = (bits: number) => (bits === 7 ? 64 : 127);

/** The smallest normal 32-bit float: a scale below it divides nothing. */
const TINY = 2 ** -126;
/** In the middle of the bytes, so that weights of both signs have room. */
const MIDDLE = 128;

/**
 * A kernel [out, in / groups, rows, columns] rounded to whole numbers and back, each output channel by its largest magnitude.
 * The gradient is straight-through: that of the kernel is that of the rounded one.
 */
export function roundedKernel(graph: GraphBuilder, kernel: Value, bits: number): Value {
  const largest = graph.reduce('max', graph.unary('abs', kernel), [1, 2, 3]);
  const fitting = graph.binary('divide', largest, graph.constant(largestWeight(bits)));
  const scale = graph.apply({ op: 'stopGradient' }, graph.binary('maximum', fitting, graph.constant(TINY)));
  const whole = { op: 'fakeQuantize', scale: 1, zeroPoint: MIDDLE } as const;
  return graph.binary('multiply', graph.apply(whole, graph.binary('divide', kernel, scale)), scale);
}

/** A map rounded to bytes and back; no gradient flows where a value was cut. */
export function roundedMap(graph: GraphBuilder, map: Value, scale: ByteScale): Value {
  return graph.apply({ op: 'fakeQuantize', ...scale }, map);
}

/** @throws MicroYoloError `invalid-argument` for a name that is of no layer */
export function checkSimulation({ kernels, maps }: SimulatedQuantization, { name, layers }: Network): void {
  const convolutions = new Set(layers.flatMap((layer) => (layer.type === 'conv' ? [layer.name] : [])));
  const known = new Set(layers.map((layer) => layer.name));
  const unknown =
    kernels.find((each) => !convolutions.has(each)) ??
    Object.keys(maps).find((each) => !known.has(each) && !known.has(each.replace(/\.gate$/, '')));
  if (unknown === undefined) return;
  throw new MicroYoloError(
    'invalid-argument',
    `quantization ${JSON.stringify(unknown)}: is not a layer of ${name} that can be rounded; "micro-yolo info" lists them`,
    { field: 'quantization', received: unknown },
  );
}
