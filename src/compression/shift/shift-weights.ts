import { elementCount } from '../../foundation/element-count.ts';
import type { Tensor, Tensors } from '../../graph/operations.ts';
import {
  blockCount,
  eachInBlocks,
  type ShiftTensor,
  shiftedValues,
} from '../../models/formats/shift/shift-tensor.ts';
import type { DEPTHWISE_SHIFTS } from '../../options/compress.ts';

/** What happens to depthwise kernels: they stay, or become blocks by their places. */
export type DepthwiseShift = (typeof DEPTHWISE_SHIFTS)[number];

export interface ShiftOptions {
  /** Bits of a weight, 2–8. @default 4 */
  readonly bits?: number | undefined;
  /** Input channels that share a factor, 1–65,536. @default 32 */
  readonly block?: number | undefined;
  /**
   * `float` leaves depthwise kernels as they are; `places` makes one block of each channel's kernel, which the paper does not.
   * @default 'float'
   */
  readonly depthwise?: DepthwiseShift | undefined;
}

/**
 * A tensor's nearest by distribution shift (https://arxiv.org/abs/1901.01928): of each block the weight of the largest
 * magnitude becomes −2^(bits − 1), the others are rounded to the same scale, and the block's factor is the one of least
 * squares.
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
  /** All weights as they will be read. */
  readonly weights: Tensors;
  /** Squares of what the weights lost over their squares, by tensor, 0–1. */
  readonly errors: ReadonlyMap<string, number>;
}

/** Smaller kernels would pay more for their factors than they save. */
const LEAST_WEIGHTS = 512;

/** The kernels of a model in integers; biases, norms, small kernels and, unless asked, depthwise ones stay as they are. */
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
