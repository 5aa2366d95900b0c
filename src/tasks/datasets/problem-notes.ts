import { PROBLEM_KINDS } from '../../datasets/check/kinds.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { type DatasetProblem, type DatasetProblemKind, isKept } from '../../datasets/problems.ts';
import { counted } from '../../foundation/counted.ts';

const grouped = (count: number) => count.toLocaleString('en-US');

function byKind(problems: readonly DatasetProblem[]): ReadonlyMap<DatasetProblemKind, DatasetProblem[]> {
  const kinds = new Map<DatasetProblemKind, DatasetProblem[]>();
  for (const problem of problems) kinds.set(problem.kind, [...(kinds.get(problem.kind) ?? []), problem]);
  return kinds;
}

/** Number of problems of each kind: `2 × unknown category`. */
export function countKinds(problems: readonly DatasetProblem[]): string {
  const counts = [...byKind(problems)].map(([kind, { length }]) => [
    grouped(length),
    PROBLEM_KINDS[kind].title,
  ]);
  return counts.map(([count, title]) => `${count} × ${title}`).join(', ');
}

/**
 * Summarizes the problems found while reading a data set.
 * @param data path of the data set, for the remedy
 */
export function problemNotes(problems: readonly DatasetProblem[], data: string): readonly string[] {
  const list = `"micro-yolo dataset check ${data}" lists them`;
  const left = problems.filter(({ kind }) => !isKept(kind));
  const notes =
    left.length > 0 ? [`${grouped(left.length)} invalid records skipped (${countKinds(left)}); ${list}`] : [];
  // Boxes without area are reported elsewhere, with the boxes that cannot be trained on.
  const kept = problems.filter(({ kind }) => isKept(kind) && kind !== 'empty-box');
  for (const [first, ...more] of byKind(kept).values()) {
    const others = more.length > 0 ? ` (and ${grouped(more.length)} more; ${list})` : '';
    notes.push(`${first!.place}: ${first!.message}${others}`);
  }
  return notes;
}

/** Note on files that are listed several times. Undefined if there are none. */
export function repeatNote({ images }: Dataset, data: string): string | undefined {
  const names = new Set<string>();
  const again = images.filter(({ fileName }) => names.size === names.add(fileName).size);
  if (again.length === 0) return undefined;
  const remedy = `"micro-yolo dataset check ${data} --fix FILE" joins them`;
  return `${counted(again.length, 'image is', 'images are')} listed more than once (such as ${again[0]!.fileName}), and used as often; ${remedy}`;
}
