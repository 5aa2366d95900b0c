import { uniformRandom } from '../../../src/foundation/random.ts';

/**
 * Numbers spread evenly over a range, in random order and slightly jittered: any two differ by more than a step of
 * finite differences, so none overtakes another in a maximum.
 */
export function spreadNumbers(
  count: number,
  [min, max]: readonly [min: number, max: number],
  seed: number,
): Float64Array {
  const random = uniformRandom(seed);
  const spacing = (max - min) / count;
  const numbers = Float64Array.from({ length: count }, (_, i) => min + spacing * (i + 0.25 + random() / 2));
  for (let i = count - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [numbers[i], numbers[other]] = [numbers[other]!, numbers[i]!];
  }
  return numbers;
}
