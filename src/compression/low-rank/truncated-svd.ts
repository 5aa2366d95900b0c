import { symmetricEigen } from './symmetric-eigen.ts';

/** Returns the dot products of all pairs of rows, [rows, rows]. */
export function gram(matrix: Float64Array, rows: number): Float64Array {
  const length = matrix.length / rows;
  const products = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      const [first, second] = [i * length, j * length];
      let sum = 0;
      for (let k = 0; k < length; k++) sum += matrix[first + k]! * matrix[second + k]!;
      products[i * rows + j] = sum;
      products[j * rows + i] = sum;
    }
  }
  return products;
}

/** Multiplies a [rows, inner] · b [inner, columns]. */
export function multiply(a: Float64Array, b: Float64Array, inner: number): Float64Array {
  const [rows, columns] = [a.length / inner, b.length / inner];
  const product = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const into = product.subarray(i * columns, (i + 1) * columns);
    for (let k = 0; k < inner; k++) {
      const factor = a[i * inner + k]!;
      const from = k * columns;
      for (let j = 0; j < columns; j++) into[j]! += factor * b[from + j]!;
    }
  }
  return product;
}

/** Transposes [rows, columns] to [columns, rows]. */
export function transposed(matrix: Float64Array, rows: number): Float64Array {
  const columns = matrix.length / rows;
  const turned = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned[j * rows + i] = matrix[i * columns + j]!;
  }
  return turned;
}

/** Two factors whose product approximates a matrix. */
export interface MatrixFactors {
  /** Shape [rows, rank]. */
  readonly left: Float64Array;
  /** Shape [rank, columns]. */
  readonly right: Float64Array;
}

/** Singular value decomposition of a matrix, truncated at any rank. This gives the best approximation of that rank. */
export class TruncatedSvd {
  /** Squared singular values, in descending order. */
  readonly energies: Float64Array;
  readonly #isWide: boolean;
  /** Singular vectors of the shorter side, one per row. */
  readonly #vectors: Float64Array;
  readonly #matrix: Float64Array;

  /** @param matrix [rows, columns] */
  constructor(matrix: Float64Array, rows: number) {
    const columns = matrix.length / rows;
    this.#isWide = rows <= columns;
    // The shorter side becomes the rows.
    this.#matrix = this.#isWide ? matrix : transposed(matrix, rows);
    const side = Math.min(rows, columns);
    const { values, vectors } = symmetricEigen(gram(this.#matrix, side), side);
    this.#vectors = vectors;
    this.energies = values.map((value) => Math.max(0, value));
  }

  /** Returns the factors of a rank. Each contains the square roots of the singular values. */
  factors(rank: number): MatrixFactors {
    const side = this.energies.length;
    const vectors = this.#vectors.slice(0, rank * side);
    // The matrix is projected onto the vectors. This avoids a division by small singular values, which would lose
    // precision.
    const seen = multiply(vectors, this.#matrix, side);
    const length = seen.length / rank;
    for (let i = 0; i < rank; i++) {
      const row = seen.subarray(i * length, (i + 1) * length);
      const root = row.reduce((sum, value) => sum + value * value, 0) ** 0.25;
      if (root === 0) continue;
      row.forEach((value, k) => {
        row[k] = value / root;
      });
      for (let k = 0; k < side; k++) vectors[i * side + k]! *= root;
    }
    return this.#isWide
      ? { left: transposed(vectors, rank), right: seen }
      : { left: transposed(seen, rank), right: vectors };
  }
}
