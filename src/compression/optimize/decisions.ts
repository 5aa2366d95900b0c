import type { Stop } from './lines.ts';
import type { State } from './state.ts';

/** A file is written each time that the walk has come down to this share of the time of the last one. */
const NEXT_FILE = 0.9;
/** Failed steps one after the other that end the walk. */
const PATIENCE = 4;
/** Whether the model that the walk stands at is to become a file. @param target milliseconds */
export function isFileDue({ at, files, lastFile, start, stop, slowness }: State, target: number | undefined) {
  if (files.some(({ step, tuned }) => !tuned && step === at.step)) return false;
  if (at.step === 0) return start.precision === 'int8';
  if (stop !== undefined) return true;
  const before = lastFile?.predicted ?? start.predicted;
  return at.predicted <= NEXT_FILE * before || (target !== undefined && at.predicted * slowness <= target);
}

/** Why the walk is over; undefined if it is not. @param target milliseconds */
export function reasonToStop(
  { lastFile, failures }: State,
  target: number | undefined,
  isLate: boolean,
): Stop | undefined {
  if (target !== undefined && lastFile !== undefined && lastFile.ms <= target) return 'target';
  if (isLate) return 'minutes';
  return failures >= PATIENCE ? 'limit' : undefined;
}
