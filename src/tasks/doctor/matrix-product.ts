import { GraphBuilder } from '../../graph/builder.ts';
import type { Graph, Tensor } from '../../graph/operations.ts';

/** Consecutive products in a run, to reduce the influence of data transfers on the time. */
const PRODUCTS = 4;

/** A computation with a known result: a matrix times a permutation matrix, several times. */
export interface MatrixProduct {
  readonly graph: Graph;
  readonly feeds: Readonly<Record<'matrix' | 'permutation', Tensor>>;
  /** Number of floating-point operations per run. */
  readonly operations: number;
  isRight(result: Tensor): boolean;
}

/** @param side number of rows and columns of the matrices */
export function matrixProduct(side: number): MatrixProduct {
  const builder = new GraphBuilder();
  const permutation = builder.input('permutation', [side, side]);
  let product = builder.input('matrix', [side, side]);
  for (let count = 0; count < PRODUCTS; count++) {
    const matMul = { op: 'matMul', transposeA: false, transposeB: false } as const;
    product = builder.apply(matMul, product, permutation);
  }
  builder.output('product', product);
  // Small integers are exact in any order of summation, and in the reduced precision of some GPUs.
  const matrix = Float32Array.from({ length: side * side }, (_, place) => ((place * 7919) % 251) - 125);
  const moves = new Float32Array(side * side);
  for (let row = 0; row < side; row++) moves[row * side + ((row + 1) % side)] = 1;
  const shape = [side, side];
  return {
    graph: builder.build(),
    feeds: { matrix: { shape, data: matrix }, permutation: { shape, data: moves } },
    operations: 2 * side ** 3 * PRODUCTS,
    isRight: ({ data }) =>
      data.length === matrix.length &&
      data.every((value, place) => {
        const row = place - (place % side);
        return value === matrix[row + (((place % side) + side - PRODUCTS) % side)];
      }),
  };
}
