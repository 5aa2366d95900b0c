import type { OnProblem } from '../../problems.ts';

const counted = (count: number) => (count === 1 ? '1 image' : `${count.toLocaleString('en-US')} images`);

/** Images that no file of annotations belongs to, where all files are the data. */
export function reportUnannotated(count: number, place: string, report: OnProblem): void {
  if (count === 0) return;
  const message = `${counted(count)} without XML, left out; list them in ImageSets/Main if nothing is in them`;
  report({ kind: 'unannotated-images', place, message, count });
}

/** Images that a list names and that have no file of annotations. */
export function reportBackground(count: number, place: string, report: OnProblem): void {
  if (count === 0) return;
  const message = `${counted(count)} listed without XML, read as images with nothing in them`;
  report({ kind: 'unlabeled-images', place, message, count });
}
