import { elementCount } from '../../foundation/element-count.ts';
import type { Tensor, Tensors } from '../../graph/operations.ts';
import {
  blockCount,
  eachInBlocks,
  type ShiftTensor,
  shiftedValues,
} from '../../models/formats/shift/shift-tensor.ts';
import type { DEPTHWISE_SHIFTS } from '../../options/compress.ts';

/** Treatment of depthwise kernels: unchanged, or one block per channel. */
export type DepthwiseShift = (typeof DEPTHWISE_SHIFTS)[number];

export interface ShiftOptions {
  /** Bits per weight, 2–8. @default 4 */
  readonly bits?: number | undefined;
  /** Number of input channels that share a factor, 1–65,536. @default 32 */
  readonly block?: number | undefined;
  /**
   * `float` leaves depthwise kernels unchanged. `places` makes each channel's kernel one block, which the paper does
   * not do.
   * @default 'float'
   */
  readonly depthwise?: DepthwiseShift | undefined;
}

/**
 * Approximates a tensor by distribution shift (https://arxiv.org/abs/1901.01928). In each block, the weight with the
 * largest magnitude becomes −2^(bits − 1), and the others are rounded at the same scale. The block's factor minimizes
 * the squared error.
 */
export function shiftTensor(
  { shape, data }: Tensor,
  { bits, block, along }: Pick<ShiftTensor, 'bits' | 'block' | 'along'>,
): ShiftTensor {
  const blocks = blockCount({ shape, block, along });
  const extremes = new Float64Array(blocks);
  const visit = (each: (place: number, block: number) => void) => eachInBlocks({ shape, block, along }, each);
  visit((place, at) => {
    if (Math.abs(data[place]!) > Math.abs(extremes[at]!)) extremes[at] = data[place]!;
  });
  const most = 2 ** (bits - 1);
  const integers = new Int8Array(data.length);
  const [products, squares] = [new Float64Array(blocks), new Float64Array(blocks)];
  visit((place, at) => {
    const extreme = extremes[at]!;
    if (extreme === 0) return;
    const rounded = Math.round((-most / extreme) * data[place]!);
    const integer = Math.min(most - 1, Math.max(-most, rounded));
    integers[place] = integer;
    products[at]! += data[place]! * integer;
    squares[at]! += integer * integer;
  });
  const shifts = Float32Array.from(products, (value, at) => (squares[at]! > 0 ? value / squares[at]! : 0));
  return { shape, bits, block, along, integers, shifts };
}

export interface Shifted {
  readonly shifted: ReadonlyMap<string, ShiftTensor>;
  /** All weights as they are read from the file. */
  readonly weights: Tensors;
  /** Squared error relative to the squared weights, by tensor, 0–1. */
  readonly errors: ReadonlyMap<string, number>;
}

/** Smaller kernels would need more bytes for their factors than they save. */
const LEAST_WEIGHTS = 512;

/**
 * Converts the kernels of a model to integers. Biases, norms, small kernels and, by default, depthwise kernels do not
 * change.
 */
export function shiftWeights(weights: Tensors, options: ShiftOptions = {}): Shifted {
  const { bits = 4, block = 32, depthwise = 'float' } = options;
  const shifted = new Map<string, ShiftTensor>();
  const errors = new Map<string, number>();
  const read = new Map(weights);
  for (const [name, tensor] of weights) {
    const { shape, data } = tensor;
    if (shape.length < 2 || data.length < LEAST_WEIGHTS) continue;
    const isDepthwise = shape[1] === 1 && elementCount(shape.slice(2)) > 1;
    if (isDepthwise && depthwise === 'float') continue;
    const taps = elementCount(shape.slice(2));
    const made = shiftTensor(tensor, {
      bits,
      ...(isDepthwise ? { block: taps, along: 'places' } : { block, along: 'channels' }),
    });
    const values = shiftedValues(made);
    const lost = values.reduce((sum, value, place) => sum + (value - data[place]!) ** 2, 0);
    const all = data.reduce((sum, value) => sum + value * value, 0);
    shifted.set(name, made);
    read.set(name, { shape, data: values });
    errors.set(name, all === 0 ? 0 : lost / all);
  }
  return { shifted, weights: read, errors };
}
