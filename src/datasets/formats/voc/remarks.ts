import { counted } from '../../../foundation/counted.ts';
import type { OnProblem } from '../../problems.ts';

/** Reports images without an annotation file in a data set without split lists. */
export function reportUnannotated(count: number, place: string, report: OnProblem): void {
  if (count === 0) return;
  const message = `${counted(count, 'image')} without XML, skipped; list them in ImageSets/Main if they contain no objects`;
  report({ kind: 'unannotated-images', place, message, count });
}

/** Reports images that a split list names but that have no annotation file. */
export function reportBackground(count: number, place: string, report: OnProblem): void {
  if (count === 0) return;
  const message = `${counted(count, 'image')} listed without XML, read as images without objects`;
  report({ kind: 'unlabeled-images', place, message, count });
}
