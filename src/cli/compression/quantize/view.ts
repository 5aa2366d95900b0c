import type { QuantizeEvent } from '../../../tasks/quantize/quantize-model.ts';
import { inFlags } from '../../flags/option-flags.ts';
import { drawBar, StatusLine } from '../../terminal/status-line.ts';
import { trainingLine } from '../training-line.ts';

const BAR = 24;

/** Shows the progress of quantization on stderr. */
export class QuantizeView implements Disposable {
  readonly #status = new StatusLine();
  #stage = '';
  #steps = 1;
  #done = 0;
  #skipped = 0;

  get skipped(): number {
    return this.#skipped;
  }

  show(event: QuantizeEvent): void {
    if (event.type === 'note') return this.print(`note: ${event.message}`);
    if (event.type === 'skipped') {
      this.#skipped++;
      return this.print(`skipped: ${event.message}`);
    }
    if (event.type === 'training') {
      const { status, note } = trainingLine(event.event);
      if (status) this.#status.update([status]);
      return note === undefined ? undefined : this.print(note);
    }
    if (event.type === 'started') {
      this.#stage = event.stage;
      this.#steps = event.steps;
      this.#done = 0;
    } else this.#done++;
    const bar = drawBar(this.#done / this.#steps, BAR);
    this.#status.update([`${this.#stage} ${bar} ${this.#done}/${this.#steps}`]);
  }

  print(message: string): void {
    this.#status.print(inFlags(message));
  }

  [Symbol.dispose](): void {
    this.#status.end();
  }
}
