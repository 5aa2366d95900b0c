import { MicroYoloError, printable } from '../../foundation/errors/errors.ts';
import { shellWord } from '../flags/shell-word.ts';
import type { StopSignal } from './stop-signal.ts';

/** Says how to continue an interrupted command. */
export function continueText(): string {
  const words = process.argv.slice(2).map((word) => printable(shellWord(word)));
  return `interrupted; continue with: micro-yolo ${words.join(' ')}`;
}

/**
 * Reports a task that threw because it was interrupted. Other errors are thrown again.
 * @param isSaved whether the same command continues
 * @returns the exit code
 */
export function reportInterruption(
  error: unknown,
  stop: StopSignal,
  { json, isSaved }: { readonly json: boolean; readonly isSaved: boolean },
): number {
  if (!(error instanceof MicroYoloError) || error.code !== 'interrupted') throw error;
  if (json) console.log(JSON.stringify({ reason: 'interrupted' }, null, 2));
  else console.log(isSaved ? continueText() : 'interrupted; nothing was saved');
  return stop.exitCode;
}
