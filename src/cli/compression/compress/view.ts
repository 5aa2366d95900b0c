import type { TrainEvent } from '../../../tasks/train/train-detector.ts';
import { inFlags } from '../../flags/option-flags.ts';
import { StatusLine } from '../../terminal/status-line.ts';

/** Shows on stderr how far compression is: notes stay, and on a terminal a line tells what is under way. */
export class CompressionView implements Disposable {
  readonly #status = new StatusLine();

  training(event: TrainEvent): void {
    if (event.type === 'step') {
      const { epoch, step, progress } = event;
      this.status(`training: epoch ${epoch}, step ${step}, ${(100 * progress).toFixed(0)} %`);
    } else if (event.type === 'note' || event.type === 'checkpoint-failed') this.note(event.message);
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
