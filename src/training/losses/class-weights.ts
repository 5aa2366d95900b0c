import { MicroYoloError } from '../../foundation/errors/errors.ts';

/**
 * Weight of an object by the number of objects of its class: all equal, 1 / count, 1 / √count, or a list of numbers.
 */
export type ClassWeighting = 'none' | 'inverse' | 'sqrt' | readonly number[];

/**
 * Weight of an object's class loss, by class. The weights are scaled to a mean of 1 over all objects, so that the loss
 * keeps its magnitude. Classes without objects get the weight of a class with one object.
 * @param counts number of objects of each class
 * @throws MicroYoloError `invalid-argument` if a list does not have one number of at least 0 per class
 */
export function classWeights(kind: ClassWeighting, counts: readonly number[]): readonly number[] {
  const raw = rawWeights(kind, counts);
  const objects = counts.reduce((sum, count) => sum + count, 0);
  const total = raw.reduce((sum, weight, id) => sum + weight * counts[id]!, 0);
  return total > 0 ? raw.map((weight) => (weight * objects) / total) : raw;
}

function rawWeights(kind: ClassWeighting, counts: readonly number[]): readonly number[] {
  const power = (exponent: number) => counts.map((count) => Math.max(1, count) ** exponent);
  if (kind === 'none') return counts.map(() => 1);
  if (kind === 'inverse') return power(-1);
  if (kind === 'sqrt') return power(-0.5);
  if (kind.length !== counts.length || !kind.every((weight) => weight >= 0 && weight < Infinity)) {
    const given = `class weights [${kind.join(', ')}]`;
    throw new MicroYoloError(
      'invalid-argument',
      `${given}: expected ${counts.length} numbers ≥ 0, one per class`,
    );
  }
  return kind;
}
