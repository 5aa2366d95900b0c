import type { FileLine } from './lines.ts';

/** Relative time difference below which two files count as equally fast. */
const EQUAL = 0.03;

/**
 * Returns the best file within the tolerance. Among those that meet the target, it is the most accurate one. If none
 * does, or there is no target, it is the fastest one.
 * @param target milliseconds
 */
export function bestFile(files: readonly FileLine[], target: number | undefined): FileLine | undefined {
  const within = files.filter((file) => file.within);
  const fastest = Math.min(...within.map(({ ms }) => ms));
  const isFastEnough = ({ ms }: FileLine) => ms <= Math.max(target ?? 0, (1 + EQUAL) * fastest);
  const reached = target !== undefined && fastest <= target;
  const [best] = within
    .filter(reached ? ({ ms }) => ms <= target : isFastEnough)
    .toSorted((a, b) => b.AP50 - a.AP50 || a.ms - b.ms);
  return best;
}
