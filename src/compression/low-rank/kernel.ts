import { elementCount } from '../../foundation/element-count.ts';
import type { Tensor, Tensors } from '../../graph/operations.ts';
import type { ConvLayer, DenseLayer, FeatureShape, Layer, Network } from '../../network/layers.ts';
import type { METHODS } from '../../options/decompose.ts';

/**
 * `svd`: 1×1 · 1×1, or two dense layers. `spatial`: k×1 · 1×k (https://arxiv.org/abs/1405.3866). `tucker`:
 * 1×1 · k×k · 1×1 (https://arxiv.org/abs/1511.06530).
 */
export type Method = (typeof METHODS)[number];

/** A network and weights that can be decomposed. */
export interface Decomposable {
  readonly network: Network;
  readonly weights: Tensors;
}

/** A layer whose kernel may be split, with the shape of its input. */
export interface SplitLayer {
  readonly layer: ConvLayer | DenseLayer;
  /** Shape of its input map. */
  readonly input: FeatureShape;
  readonly weight: Tensor;
  /**
   * Factor by which each output is scaled later, such as the scale of a norm. Errors are weighted by it. All are
   * positive.
   * @default 1 each
   */
  readonly outputScale?: Float64Array | undefined;
}

/** An option for splitting a kernel. */
export interface Choice {
  readonly method: Method;
  /** One rank, or for `tucker`, the ranks of the inputs and the outputs. */
  readonly ranks: readonly number[];
  /** Share of the kernel's energy (the sum of its squares) that is lost, 0–1. */
  readonly lost: number;
}

/** A decomposed kernel: layers in order. The last one has the name of the original layer. */
export interface Factors {
  readonly layers: readonly Layer[];
  /** Kernels of the factors. */
  readonly weights: Tensors;
}

/** Decomposition of a kernel by one method. */
export interface Splitter {
  readonly method: Method;
  /** Returns options with ranks that are multiples of a block. */
  choices(block: number): readonly Choice[];
  /** @param named returns an unused name for a factor */
  factors(ranks: readonly number[], named: (part: string) => string): Factors;
}

/** Returns the kernel as a matrix of doubles, [outputs, others], with each row scaled by its output's factor. */
export function scaledRows({ weight: { shape, data }, outputScale }: SplitLayer): Float64Array {
  const length = elementCount(shape.slice(1));
  return Float64Array.from(data, (value, place) =>
    outputScale ? value * outputScale[Math.floor(place / length)]! : value,
  );
}

/** Returns a kernel with one row per output as float32, with the scaling removed. */
export function unscaledRows(
  rows: Float64Array,
  shape: readonly number[],
  { outputScale }: SplitLayer,
): Tensor {
  const length = elementCount(shape.slice(1));
  const data = Float32Array.from(rows, (value, place) =>
    outputScale ? value / outputScale[Math.floor(place / length)]! : value,
  );
  return { shape, data };
}

/** Returns multiples of a block, up to a rank that loses nothing. */
export function ranksOf(most: number, block: number): readonly number[] {
  const multiples = Array.from({ length: Math.ceil(most / block) }, (_, i) => (i + 1) * block);
  return multiples.map((rank) => Math.min(rank, most));
}

/** Returns the share of energy beyond a rank. */
export function lostBeyond(energies: Float64Array, rank: number): number {
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const all = sum(energies);
  return all === 0 ? 0 : sum(energies.subarray(rank)) / all;
}
