import { basename, dirname } from 'node:path';
import { counted } from '../../foundation/counted.ts';
import type { DatasetSource } from '../source.ts';
import type { CheckedProblem } from './kinds.ts';

/** Finds annotation files that no split list names. */
export async function checkUnlistedAnnotations(
  sources: readonly DatasetSource[],
): Promise<readonly CheckedProblem[]> {
  const problems: CheckedProblem[] = [];
  for (const source of new Set(sources)) {
    const unlisted = (await source.unlisted?.()) ?? [];
    if (unlisted.length === 0) continue;
    const files = counted(unlisted.length, 'XML file is', 'XML files are');
    problems.push({
      kind: 'unlisted-annotations',
      place: dirname(unlisted[0]!),
      message: `${files} in no list of ImageSets/Main; the first is ${basename(unlisted[0]!)}`,
      count: unlisted.length,
    });
  }
  return problems;
}
