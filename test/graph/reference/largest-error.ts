import type { Contents } from '../../../src/graph/reference/run.ts';

/** Largest of |a − b| / max(1, |b|); infinite if the shapes differ or a value is NaN. */
export function largestError(actual: Contents | undefined, expected: Contents): number {
  if (actual?.shape.join() !== expected.shape.join()) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const [a, b] = [actual.data[i]!, expected.data[i]!];
    const error = Math.abs(a - b) / Math.max(1, Math.abs(b));
    if (!(error <= worst)) worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
  }
  return worst;
}
