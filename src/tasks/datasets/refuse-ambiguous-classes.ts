import type { DatasetProblem } from '../../datasets/problems.ts';
import { problemError } from '../../datasets/problems.ts';

/**
 * Objects whose class nobody can tell cannot be left out like others: their images would teach that nothing is there.
 * @throws MicroYoloError `invalid-file` if two categories have one id
 */
export function refuseAmbiguousClasses(problems: readonly DatasetProblem[]): void {
  const found = problems.find(({ kind }) => kind === 'ambiguous-category');
  if (found) throw problemError(found);
}
