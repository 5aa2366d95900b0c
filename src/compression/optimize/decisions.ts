import type { Stop } from './lines.ts';
import type { State } from './state.ts';

/** A file is written whenever the time has dropped to this share of the last file's time. */
const NEXT_FILE = 0.9;
/** Number of consecutive rejected steps that end the search. */
const PATIENCE = 4;
/** Whether the current model should be written to a file. @param target milliseconds */
export function isFileDue({ at, files, lastFile, start, stop, slowness }: State, target: number | undefined) {
  if (files.some(({ step, tuned }) => !tuned && step === at.step)) return false;
  if (at.step === 0) return start.precision === 'int8';
  if (stop !== undefined) return true;
  const before = lastFile?.predicted ?? start.predicted;
  return at.predicted <= NEXT_FILE * before || (target !== undefined && at.predicted * slowness <= target);
}

/** Returns why the search ends, or undefined if it continues. @param target milliseconds */
export function reasonToStop(
  { lastFile, failures }: State,
  target: number | undefined,
  isLate: boolean,
): Stop | undefined {
  if (target !== undefined && lastFile !== undefined && lastFile.ms <= target) return 'target';
  if (isLate) return 'minutes';
  return failures >= PATIENCE ? 'limit' : undefined;
}
