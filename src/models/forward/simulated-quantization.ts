import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { Network } from '../../network/layers.ts';

/** Mapping of real numbers to bytes: real = scale · (byte − zeroPoint). */
export interface ByteScale {
  /** Positive. */
  readonly scale: number;
  /** 0–255. */
  readonly zeroPoint: number;
}

/** Values of a network that are rounded to 8 bits and back, like in a quantized network. */
export interface SimulatedQuantization {
  /** Bits of weights, 7 or 8. */
  readonly bits: number;
  /** Convolutions whose weights are rounded, by layer. */
  readonly kernels: readonly string[];
  /** Scales of the rounded maps, by layer. An activation's gate has the key `LAYER.gate`. */
  readonly maps: Readonly<Record<string, ByteScale>>;
}

/**
 * Returns the largest integer for weights of this many bits. For 7 bits it is 64, as with ONNX Runtime's
 * `reduce_range`.
 */
export const largestWeight = (bits: number) => (bits === 7 ? 64 : 127);

/** The smallest normal 32-bit float. Smaller scales cannot be used as divisors. */
const TINY = 2 ** -126;
/** Zero point in the middle of the bytes, for weights of both signs. */
const MIDDLE = 128;

/**
 * Rounds a kernel [out, in / groups, rows, columns] to integers and back. Each output channel is scaled by its largest
 * magnitude. Gradients are straight-through: the kernel gets the gradient of the rounded kernel.
 */
export function roundedKernel(graph: GraphBuilder, kernel: Value, bits: number): Value {
  const largest = graph.reduce('max', graph.unary('abs', kernel), [1, 2, 3]);
  const fitting = graph.binary('divide', largest, graph.constant(largestWeight(bits)));
  const scale = graph.apply({ op: 'stopGradient' }, graph.binary('maximum', fitting, graph.constant(TINY)));
  const whole = { op: 'fakeQuantize', scale: 1, zeroPoint: MIDDLE } as const;
  return graph.binary('multiply', graph.apply(whole, graph.binary('divide', kernel, scale)), scale);
}

/** Rounds a map to bytes and back. Clipped values get no gradient. */
export function roundedMap(graph: GraphBuilder, map: Value, scale: ByteScale): Value {
  return graph.apply({ op: 'fakeQuantize', ...scale }, map);
}

/** @throws MicroYoloError `invalid-argument` for a name that is not a layer */
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
