import { elementCount } from '../../foundation/element-count.ts';
import type { Tensor, Tensors } from '../../graph/operations.ts';
import type { ConvLayer, DenseLayer, FeatureShape, Layer, Network } from '../../network/layers.ts';
import type { METHODS } from '../../options/decompose.ts';

/**
 * `svd`: 1×1 · 1×1, or two dense layers. `spatial`: k×1 · 1×k (https://arxiv.org/abs/1405.3866). `tucker`: 1×1 · k×k · 1×1
 * (https://arxiv.org/abs/1511.06530).
 */
export type Method = (typeof METHODS)[number];

/** What is decomposed: a network and its weights. */
export interface Decomposable {
  readonly network: Network;
  readonly weights: Tensors;
}

/** A layer whose kernel may be split, with what it reads. */
export interface SplitLayer {
  readonly layer: ConvLayer | DenseLayer;
  /** Shape of the map that it reads. */
  readonly input: FeatureShape;
  readonly weight: Tensor;
  /**
   * What each output is multiplied by later, such as its norm's scale: errors count by it. All above 0.
   * @default 1 each
   */
  readonly outputScale?: Float64Array | undefined;
}

/** A way to split a kernel. */
export interface Choice {
  readonly method: Method;
  /** One rank, or of `tucker` that of the inputs and that of the outputs. */
  readonly ranks: readonly number[];
  /** Share of the kernel's energy (the sum of its squares) that is lost, 0–1. */
  readonly lost: number;
}

/** A kernel in factors: layers in their order, the last with the name of the one that they stand for. */
export interface Factors {
  readonly layers: readonly Layer[];
  /** Of the factors' kernels. */
  readonly weights: Tensors;
}

/** A kernel's splitting by one method. */
export interface Splitter {
  readonly method: Method;
  /** Choices of ranks that are multiples of a block. */
  choices(block: number): readonly Choice[];
  /** @param named a name for a factor, that no other layer has */
  factors(ranks: readonly number[], named: (part: string) => string): Factors;
}

/** The kernel as a matrix of doubles, [outputs, all others], each row times its output's scale. */
export function scaledRows({ weight: { shape, data }, outputScale }: SplitLayer): Float64Array {
  const length = elementCount(shape.slice(1));
  return Float64Array.from(data, (value, place) =>
    outputScale ? value * outputScale[Math.floor(place / length)]! : value,
  );
}

/** A kernel of the outputs' side as float32, without their scale. */
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

/** Multiples of a block, up to a rank that loses nothing. */
export function ranksOf(most: number, block: number): readonly number[] {
  const multiples = Array.from({ length: Math.ceil(most / block) }, (_, i) => (i + 1) * block);
  return multiples.map((rank) => Math.min(rank, most));
}

/** Share of energy beyond each rank. */
export function lostBeyond(energies: Float64Array, rank: number): number {
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const all = sum(energies);
  return all === 0 ? 0 : sum(energies.subarray(rank)) / all;
}
