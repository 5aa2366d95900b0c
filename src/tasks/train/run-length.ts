import { counted } from '../../foundation/counted.ts';
import { optionValues } from '../../foundation/errors/named-options.ts';
import type { RunState } from '../../training/run/checkpoint.ts';
import type { TrainingSettings } from '../../training/run/settings.ts';

type Length = Pick<TrainingSettings, 'epochs' | 'maxMinutes'>;
type Done = Pick<RunState, 'history' | 'seconds'>;

/** Whether a run is extended beyond its former length, or, if the unit changes, beyond what is done. */
export function isLonger(before: Length, after: Length, { history, seconds }: Done): boolean {
  const { epochs, maxMinutes } = after;
  if (maxMinutes === null) {
    return epochs > (before.maxMinutes === null ? before.epochs : history.length);
  }
  return maxMinutes > (before.maxMinutes ?? seconds / 60);
}

/** Note that a run is finished, and how to extend it. Undefined if it is not. */
export function finishedNote(
  folder: string,
  { epochs, maxMinutes }: Length,
  { history, seconds }: Done,
): string | undefined {
  const isFinished = maxMinutes === null ? history.length >= epochs : seconds >= 60 * maxMinutes;
  if (!isFinished) return undefined;
  const done = maxMinutes === null ? counted(epochs, 'epoch') : counted(maxMinutes, 'minute');
  const more = maxMinutes === null ? { epochs: 2 * epochs } : { maxMinutes: 2 * maxMinutes };
  return `${folder}: the run is finished after ${done}; extend it with ${optionValues({ resume: folder, ...more })}`;
}
