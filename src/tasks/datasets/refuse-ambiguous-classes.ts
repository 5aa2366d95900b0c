import type { DatasetProblem } from '../../datasets/problems.ts';
import { problemError } from '../../datasets/problems.ts';

/**
 * Objects of an ambiguous class cannot be skipped like other invalid records: training would treat them as background.
 * @throws MicroYoloError `invalid-file` if two categories have one id
 */
export function refuseAmbiguousClasses(problems: readonly DatasetProblem[]): void {
  const found = problems.find(({ kind }) => kind === 'ambiguous-category');
  if (found) throw problemError(found);
}
