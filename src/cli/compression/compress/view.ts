import type { TrainEvent } from '../../../tasks/train/train-detector.ts';
import { inFlags } from '../../flags/option-flags.ts';
import { StatusLine } from '../../terminal/status-line.ts';
import { trainingLine } from '../training-line.ts';

/** Shows the progress of compression on stderr: notes, and a status line on a terminal. */
export class CompressionView implements Disposable {
  readonly #status = new StatusLine();

  training(event: TrainEvent): void {
    const { status, note } = trainingLine(event);
    if (status) this.status(status);
    if (note !== undefined) this.note(note);
  }

  status(text: string): void {
    this.#status.update([text]);
  }

  note(message: string): void {
    this.#status.print(inFlags(message));
  }

  [Symbol.dispose](): void {
    this.#status.end();
  }
}
