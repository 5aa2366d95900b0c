import { optionValues } from '../../foundation/errors/named-options.ts';
import type { RunState } from '../../training/run/checkpoint.ts';
import type { TrainingSettings } from '../../training/run/settings.ts';

type Length = Pick<TrainingSettings, 'epochs' | 'maxMinutes'>;
type Done = Pick<RunState, 'history' | 'seconds'>;

/** Whether a run gets longer: than it was to be, or, where another unit ends it now, than it is. */
export function isLonger(before: Length, after: Length, { history, seconds }: Done): boolean {
  const { epochs, maxMinutes } = after;
  if (maxMinutes === null) {
    return epochs > (before.maxMinutes === null ? before.epochs : history.length);
  }
  return maxMinutes > (before.maxMinutes ?? seconds / 60);
}

/** What to say of a run that has come to its end, and how to make it longer; nothing of any other. */
export function finishedNote(
  folder: string,
  { epochs, maxMinutes }: Length,
  { history, seconds }: Done,
): string | undefined {
  const isFinished = maxMinutes === null ? history.length >= epochs : seconds >= 60 * maxMinutes;
  if (!isFinished) return undefined;
  const done = maxMinutes === null ? `${epochs} epochs` : `${maxMinutes} minutes`;
  const more = maxMinutes === null ? { epochs: 2 * epochs } : { maxMinutes: 2 * maxMinutes };
  return `${folder}: the run is finished after ${done}; extend it with ${optionValues({ resume: folder, ...more })}`;
}
