import type { TrainEvent } from '../../tasks/train/train-detector.ts';

/** Text for a training event: `status` replaces the status line, and `note` is printed above it. */
export function trainingLine(event: TrainEvent): { readonly status?: string; readonly note?: string } {
  if (event.type === 'step') {
    const { epoch, step, progress } = event;
    return { status: `training: epoch ${epoch}, step ${step}, ${(100 * progress).toFixed(0)} %` };
  }
  return event.type === 'note' || event.type === 'checkpoint-failed' ? { note: event.message } : {};
}
