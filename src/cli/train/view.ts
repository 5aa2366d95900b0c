import { counted } from '../../foundation/counted.ts';
import { printable } from '../../foundation/errors/errors.ts';
import type { TrainEvent } from '../../tasks/train/train-detector.ts';
import { inFlags } from '../flags/option-flags.ts';
import { formatDuration } from '../terminal/duration.ts';
import { drawBar, StatusLine } from '../terminal/status-line.ts';

/** Number of steps over which the displayed values are smoothed. */
const WINDOW = 20;
const BAR = 12;

/** Time between log lines, in milliseconds. */
const LOG_EVERY = 60_000;

/** Display names of the loss parts. `teacher` and `hint` only exist with a teacher. */
const LOSSES = {
  'loss.box': 'box',
  'loss.objectness': 'object',
  'loss.classes': 'class',
  'loss.distill': 'teacher',
  'loss.hint': 'hint',
} as const;

/** Metrics in an epoch's line: a detector's, or a classifier's. */
const EVALUATED = { AP: 'AP', AP50: 'AP50', top1: 'top-1', top5: 'top-5' } as const;

const fixed = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(2));
/** Average precision is −1 if the data has no objects. */
const percent = (value: number, digits = 1) => (value < 0 ? '–' : `${(100 * value).toFixed(digits)} %`);

/** An evaluation as text, `AP 12.3 %, AP50 34.5 %`; empty if the row has none. */
export function formatFigures(row: Readonly<Record<string, number>>, digits: number): string {
  const figures = Object.entries(EVALUATED).filter(([name]) => row[name] !== undefined);
  return figures.map(([name, label]) => `${label} ${percent(row[name]!, digits)}`).join(', ');
}

/** The loss parts as a sum, such as `box 0.12 + object 0.34`; empty if there are none. */
function lossParts(values: Readonly<Record<string, number>>): string {
  const parts = Object.entries(LOSSES).filter(([name]) => values[name] !== undefined);
  return parts.map(([name, label]) => `${label} ${fixed(values[name])}`).join(' + ');
}

const lossSum = (values: Readonly<Record<string, number>>) =>
  `loss ${fixed(values['loss'])} = ${lossParts(values)}`;

/**
 * Shows a training run on stderr: one line per epoch, and the smoothed loss. On a terminal, the loss is in the status
 * line. Elsewhere, it is logged after a minute without other output.
 */
export class TrainingView {
  readonly #status = new StatusLine();
  #running = false;
  #began = 0;
  #progressAtStart = 0;
  #batch = 0;
  #minutes: number | undefined;
  #folder = '';
  #smoothed: Record<string, number> = {};
  #skipped = 0;
  #lastLine = performance.now();

  show(event: TrainEvent): void {
    switch (event.type) {
      case 'run':
        this.#batch = event.settings.batch;
        this.#minutes = event.settings.maxMinutes ?? undefined;
        this.#folder = event.folder;
        break;
      case 'engine':
        this.#line(`${event.engine} on ${printable(event.device)}`);
        this.#line(`run ${this.#folder}`);
        break;
      case 'note':
        this.note(event.message);
        break;
      case 'reading':
        this.#line(`reading ${counted(event.images, 'image')}`);
        break;
      case 'evaluating':
        if (!this.#running) this.#line(`evaluating after epoch ${event.epoch}`);
        break;
      case 'checkpoint':
        break;
      case 'image':
        if (event.problem !== undefined) this.#line(`skipped: ${inFlags(event.problem)}`);
        break;
      case 'started': {
        const steps =
          event.steps === undefined
            ? `ends after ${counted(this.#minutes ?? 0, 'minute')}`
            : counted(event.steps, 'step');
        const resumed = event.step > 0 ? `, continuing after step ${event.step}` : '';
        this.#line(
          `${counted(event.images, 'image')} (cache: ${event.cache}), ${counted(event.batchesPerEpoch, 'batch per epoch', 'batches per epoch')}, ${steps}${resumed}`,
        );
        this.#began = performance.now();
        this.#progressAtStart = -1;
        this.#running = this.#status.isShown;
        break;
      }
      case 'step':
        this.#step(event);
        break;
      case 'skipped':
        this.#skipped++;
        this.#line(`skipped ${printable(event.image)}: ${inFlags(event.message)}`);
        break;
      case 'epoch':
        this.#epoch(event);
        break;
      case 'checkpoint-failed':
        this.#line(`warning: not saved (${inFlags(event.message)}); training continues and tries again`);
        break;
    }
  }

  note(message: string): void {
    this.#line(`note: ${inFlags(message)}`);
  }

  stop(): void {
    this.#running = false;
    this.#status.end();
    if (this.#skipped > 0) this.#line(`images that could not be read, replaced by others: ${this.#skipped}`);
  }

  #step({ epoch, progress, metrics, milliseconds }: Extract<TrainEvent, { type: 'step' }>): void {
    const smooth = (name: string, value: number) => {
      const old = this.#smoothed[name] ?? value;
      this.#smoothed[name] = old + (value - old) / WINDOW;
    };
    for (const [name, value] of Object.entries(metrics)) smooth(name, value);
    smooth('milliseconds', milliseconds.step + milliseconds.waiting);
    if (this.#progressAtStart < 0) this.#progressAtStart = progress;
    if (!this.#running && performance.now() - this.#lastLine < LOG_EVERY) return;
    const elapsed = (performance.now() - this.#began) / 1000;
    const pace = (progress - this.#progressAtStart) / elapsed;
    const share = percent(progress);
    const rate = `${((1000 * this.#batch) / this.#smoothed['milliseconds']!).toFixed(1)} images/s`;
    const left = `${pace > 0 ? formatDuration((1 - progress) / pace) : '–'} left`;
    if (!this.#running) {
      this.#line(`${share} · epoch ${epoch} · ${lossSum(this.#smoothed)} · ${rate} · ${left}`);
      return;
    }
    this.#status.update([
      `${drawBar(progress, BAR)} ${share}`,
      `epoch ${epoch}`,
      `loss ${fixed(this.#smoothed['loss'])}`,
      left,
      rate,
      lossParts(this.#smoothed),
      `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`,
    ]);
  }

  #epoch({ row, best, isBest }: Extract<TrainEvent, { type: 'epoch' }>): void {
    const figures = formatFigures(row, 1);
    const rank = isBest
      ? `, best ${'AP' in row ? 'AP' : 'top-1'} so far`
      : best
        ? ` (best ${percent(best.value)})`
        : '';
    const evaluated = figures === '' ? '' : ` · ${figures}${rank}`;
    const rate = row['imagesPerSecond']!.toFixed(1);
    this.#line(
      `epoch ${row['epoch']} · ${formatDuration(row['seconds']!)} · ${lossSum(row)} · ${rate} images/s${evaluated}`,
    );
  }

  /** Prints a line above the bar. */
  #line(text: string): void {
    this.#status.print(text);
    this.#lastLine = performance.now();
  }
}
