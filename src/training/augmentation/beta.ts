import { normalRandom } from '../../foundation/random.ts';

/** Draws from a gamma distribution with shape ≥ 1 (Marsaglia and Tsang, https://doi.org/10.1145/358407.358414). */
function gamma(shape: number, random: () => number): number {
  const normal = normalRandom(random);
  const d = shape - 1 / 3;
  for (;;) {
    const x = normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    // `random` is below 1, so the argument of the logarithm is never 0.
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/**
 * Draws from Beta(b, b), which is symmetric about 0.5: uniform for b = 1, narrow for large b, near 0 and 1 for small b.
 * @param b at least 0.1
 */
export function symmetricBeta(b: number, random: () => number): number {
  // Also valid for shapes below 1: Gamma(b) = Gamma(b + 1) · U^(1/b), with U uniform.
  const draw = () => gamma(b + 1, random) * (1 - random()) ** (1 / b);
  const [one, other] = [draw(), draw()];
  return one / (one + other);
}
