/** Eigenvalues and eigenvectors of a symmetric matrix. */
export interface SymmetricEigen {
  /** In descending order. */
  readonly values: Float64Array;
  /** One vector per row, of length 1, in the order of the values. */
  readonly vectors: Float64Array;
}

/**
 * Householder reduction to a tridiagonal matrix (EISPACK's tred2). Row i of `v` becomes column i of the rotation, so
 * that both inner loops run along rows.
 */
function tridiagonalize(v: Float64Array, n: number, d: Float64Array, e: Float64Array): void {
  for (let j = 0; j < n; j++) d[j] = v[j * n + n - 1]!;
  for (let i = n - 1; i > 0; i--) {
    let scale = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(d[k]!);
    let h = 0;
    if (scale === 0) {
      e[i] = d[i - 1]!;
      for (let j = 0; j < i; j++) {
        d[j] = v[j * n + i - 1]!;
        v[j * n + i] = 0;
        v[i * n + j] = 0;
      }
    } else {
      for (let k = 0; k < i; k++) {
        d[k]! /= scale;
        h += d[k]! * d[k]!;
      }
      const f = d[i - 1]!;
      const g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h);
      e[i] = scale * g;
      h -= f * g;
      d[i - 1] = f - g;
      e.fill(0, 0, i);
      for (let j = 0; j < i; j++) {
        const row = j * n;
        const f = d[j]!;
        v[i * n + j] = f;
        let g = e[j]! + v[row + j]! * f;
        for (let k = j + 1; k < i; k++) {
          const value = v[row + k]!;
          g += value * d[k]!;
          e[k]! += value * f;
        }
        e[j] = g;
      }
      let sum = 0;
      for (let j = 0; j < i; j++) {
        e[j]! /= h;
        sum += e[j]! * d[j]!;
      }
      const half = sum / (2 * h);
      for (let j = 0; j < i; j++) e[j]! -= half * d[j]!;
      for (let j = 0; j < i; j++) {
        const row = j * n;
        const f = d[j]!;
        const g = e[j]!;
        for (let k = j; k < i; k++) v[row + k]! -= f * e[k]! + g * d[k]!;
        d[j] = v[row + i - 1]!;
        v[row + i] = 0;
      }
    }
    d[i] = h;
  }
}

/** Computes the rotation that made the matrix tridiagonal, from the reflections stored in `v`. */
function accumulate(v: Float64Array, n: number, d: Float64Array, e: Float64Array): void {
  for (let i = 0; i < n - 1; i++) {
    v[i * n + n - 1] = v[i * n + i]!;
    v[i * n + i] = 1;
    const h = d[i + 1]!;
    const next = (i + 1) * n;
    if (h !== 0) {
      for (let k = 0; k <= i; k++) d[k] = v[next + k]! / h;
      for (let j = 0; j <= i; j++) {
        const row = j * n;
        let g = 0;
        for (let k = 0; k <= i; k++) g += v[next + k]! * v[row + k]!;
        for (let k = 0; k <= i; k++) v[row + k]! -= g * d[k]!;
      }
    }
    v.fill(0, next, next + i + 1);
  }
  for (let j = 0; j < n; j++) {
    d[j] = v[j * n + n - 1]!;
    v[j * n + n - 1] = 0;
  }
  v[n * n - 1] = 1;
  e[0] = 0;
}

/** Rotates rows i and i + 1 by an angle. */
function rotate(v: Float64Array, n: number, i: number, sine: number, cosine: number): void {
  const [first, second] = [i * n, (i + 1) * n];
  for (let k = 0; k < n; k++) {
    const a = v[first + k]!;
    const b = v[second + k]!;
    v[second + k] = sine * a + cosine * b;
    v[first + k] = cosine * a - sine * b;
  }
}

/** Implicit QL steps (EISPACK's tql2) until the off-diagonal elements vanish. */
function diagonalize(v: Float64Array, n: number, d: Float64Array, e: Float64Array): void {
  e.copyWithin(0, 1);
  e[n - 1] = 0;
  let [shift, largest] = [0, 0];
  for (let l = 0; l < n; l++) {
    largest = Math.max(largest, Math.abs(d[l]!) + Math.abs(e[l]!));
    let m = l;
    while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * largest) m++;
    while (m > l && Math.abs(e[l]!) > Number.EPSILON * largest) {
      const g = d[l]!;
      const p = (d[l + 1]! - g) / (2 * e[l]!);
      const r = p < 0 ? -Math.hypot(p, 1) : Math.hypot(p, 1);
      d[l] = e[l]! / (p + r);
      d[l + 1] = e[l]! * (p + r);
      const after = d[l + 1]!;
      const moved = g - d[l]!;
      for (let i = l + 2; i < n; i++) d[i]! -= moved;
      shift += moved;
      let value = d[m]!;
      let [c, c2, c3, s, s2] = [1, 1, 1, 0, 0];
      const offDiagonal = e[l + 1]!;
      for (let i = m - 1; i >= l; i--) {
        [c3, c2, s2] = [c2, c, s];
        const g = c * e[i]!;
        const h = c * value;
        const r = Math.hypot(value, e[i]!);
        e[i + 1] = s * r;
        s = e[i]! / r;
        c = value / r;
        value = c * d[i]! - s * g;
        d[i + 1] = h + s * (c * g + s * d[i]!);
        rotate(v, n, i, s, c);
      }
      value = (-s * s2 * c3 * offDiagonal * e[l]!) / after;
      e[l] = s * value;
      d[l] = c * value;
    }
    d[l]! += shift;
    e[l] = 0;
  }
}

/**
 * Computes eigenvalues and eigenvectors of a symmetric matrix in double precision.
 * @param matrix [n, n]
 */
export function symmetricEigen(matrix: Float64Array, n: number): SymmetricEigen {
  const v = matrix.slice();
  const [d, e] = [new Float64Array(n), new Float64Array(n)];
  if (n > 0) {
    tridiagonalize(v, n, d, e);
    accumulate(v, n, d, e);
    diagonalize(v, n, d, e);
  }
  const order = Array.from({ length: n }, (_, place) => place).sort((a, b) => d[b]! - d[a]!);
  const vectors = new Float64Array(n * n);
  order.forEach((place, rank) => {
    vectors.set(v.subarray(place * n, (place + 1) * n), rank * n);
  });
  return { values: Float64Array.from(order, (place) => d[place]!), vectors };
}
