import type { FileLine } from './lines.ts';

/** Times that differ by less are taken for equal. */
const EQUAL = 0.03;

/**
 * The best of the files within the tolerance: of those that are fast enough the most accurate; if none is, or nothing was asked
 * for, the fastest.
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
