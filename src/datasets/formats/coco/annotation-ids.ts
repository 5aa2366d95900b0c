import type { OnProblem } from '../../problems.ts';

const grouped = (count: number) => count.toLocaleString('en-US');

/** Problems that keep ids from identifying annotations, each with its count. Empty if all ids are unique. */
function faults(ids: Float64Array): readonly string[] {
  const sorted = ids.slice().sort();
  let [repeated, missing, beyond] = [0, 0, 0];
  for (const [at, id] of sorted.entries()) {
    if (Number.isNaN(id)) missing++;
    else if (!Number.isFinite(id)) beyond++;
    else if (at > 0 && id === sorted[at - 1]) repeated++;
  }
  const counted: readonly (readonly [number, string])[] = [
    [repeated, 'repeat an earlier one'],
    [missing, 'are missing or not whole numbers'],
    [beyond, 'are beyond 2^53, where precision is lost and ids could merge'],
  ];
  return counted.filter(([count]) => count > 0).map(([count, what]) => `${grouped(count)} ${what}`);
}

/**
 * Returns the ids of the file if they are unique, and otherwise numbers from 1. Only the evaluation reads these ids,
 * and no box should be lost because of one.
 * @param ids NaN if the id is missing or not a whole number, infinite if it is beyond 2^53
 * @param file path of the file, for the places of the problems
 */
export function numberAnnotations(ids: Float64Array, file: string, report: OnProblem): Float64Array {
  const found = faults(ids);
  if (found.length > 0) {
    const message = `of ${grouped(ids.length)} annotation ids, ${found.join(', ')}: all are numbered from 1, and no box is lost`;
    report({ kind: 'annotation-id', place: file, message });
    return ids.map((_, row) => row + 1);
  }
  if (ids.includes(0)) {
    const remedy = '"micro-yolo dataset check --fix" numbers annotations from 1';
    const message = `an annotation has id 0: COCO's evaluation never counts its box as found; ${remedy}`;
    report({ kind: 'zero-annotation-id', place: file, message });
  }
  return ids;
}
