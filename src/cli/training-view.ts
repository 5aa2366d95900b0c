import { SingleBar } from 'cli-progress';
import { printable } from '../errors.ts';
import type { TrainEvent } from '../tasks/train/train-detector.ts';
import { inFlags } from './option-flags.ts';

/** Steps over which the figures of the bar are smoothed. */
const WINDOW = 20;
/** Parts of the bar: steps are too many where a run ends by time. */
const PARTS = 1000;

/** Between lines in a log, in milliseconds. */
const LOG_EVERY = 60_000;

/** Parts of the loss, and what the bar calls them; those of a teacher are there with one. */
const LOSSES = {
  'loss.box': 'box',
  'loss.objectness': 'object',
  'loss.classes': 'class',
  'loss.distill': 'teacher',
  'loss.hint': 'hint',
} as const;

/** Figures of an evaluation that an epoch's line says: a detector's, or a classifier's. */
const EVALUATED = { AP: 'AP', AP50: 'AP50', top1: 'top-1', top5: 'top-5' } as const;

const fixed = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(2));
/** Average precision without any object to find is −1: there is none. */
const percent = (value: number, digits = 1) => (value < 0 ? '–' : `${(100 * value).toFixed(digits)} %`);

/** An evaluation as text, `AP 12.3 %, AP50 34.5 %`; empty where the row has none. */
export function formatFigures(row: Readonly<Record<string, number>>, digits: number): string {
  const figures = Object.entries(EVALUATED).filter(([name]) => row[name] !== undefined);
  return figures.map(([name, label]) => `${label} ${percent(row[name]!, digits)}`).join(', ');
}

/** A loss as the sum of its parts. */
function lossSum(values: Readonly<Record<string, number>>): string {
  const parts = Object.entries(LOSSES)
    .filter(([name]) => values[name] !== undefined)
    .map(([name, label]) => `${label} ${fixed(values[name])}`);
  return `loss ${fixed(values['loss'])} = ${parts.join(' + ')}`;
}

function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0
    ? `${hours} h ${minutes} min`
    : minutes > 0
      ? `${minutes} min ${whole % 60} s`
      : `${whole} s`;
}

/**
 * Shows a training run on stderr: a line an epoch, and the losses of the last steps: on a terminal in a bar, elsewhere in a
 * line a minute where nothing else is said.
 */
export class TrainingView {
  readonly #bar = new SingleBar({
    format: '{bar} {share} · epoch {epoch} · {losses} · {rate} images/s · {left} left · {memory}',
    stream: process.stderr,
    clearOnComplete: true,
    linewrap: true,
    barsize: 24,
  });
  #running = false;
  #began = 0;
  #progressAtStart = 0;
  #batch = 0;
  #folder = '';
  #smoothed: Record<string, number> = {};
  #skipped = 0;
  #lastLine = performance.now();

  show(event: TrainEvent): void {
    switch (event.type) {
      case 'run':
        this.#batch = event.settings.batch;
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
        this.#line(`reading ${event.images} images`);
        break;
      case 'evaluating':
        if (!this.#running) this.#line(`evaluating after epoch ${event.epoch}`);
        break;
      case 'checkpoint':
        break;
      case 'image':
        if (event.problem !== undefined) this.#line(`left out: ${inFlags(event.problem)}`);
        break;
      case 'started': {
        const steps = event.steps === undefined ? 'ends by time' : `${event.steps} steps`;
        const resumed = event.step > 0 ? `, going on after step ${event.step}` : '';
        this.#line(
          `${event.images} images (cache: ${event.cache}), ${event.batchesPerEpoch} batches an epoch, ${steps}${resumed}`,
        );
        this.#began = performance.now();
        this.#progressAtStart = -1;
        if (process.stderr.isTTY) {
          this.#bar.start(PARTS, 0, { share: '', epoch: '', losses: '', rate: '–', left: '–', memory: '' });
          this.#running = true;
        }
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
        this.#line(`warning: not saved (${inFlags(event.message)}); training goes on and tries again`);
        break;
    }
  }

  note(message: string): void {
    this.#line(`note: ${inFlags(message)}`);
  }

  stop(): void {
    if (this.#running) this.#bar.stop();
    this.#running = false;
    if (this.#skipped > 0)
      this.#line(`${this.#skipped} times an image could not be read; another took its place`);
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
    const losses = lossSum(this.#smoothed);
    const rate = ((1000 * this.#batch) / this.#smoothed['milliseconds']!).toFixed(1);
    const left = pace > 0 ? duration((1 - progress) / pace) : '–';
    if (this.#running) {
      const memory = `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`;
      this.#bar.update(Math.floor(PARTS * progress), { share, epoch, losses, rate, left, memory });
    } else this.#line(`${share} · epoch ${epoch} · ${losses} · ${rate} images/s · ${left} left`);
  }

  #epoch({ row, best, isBest }: Extract<TrainEvent, { type: 'epoch' }>): void {
    const figures = formatFigures(row, 1);
    const rank = isBest ? ', best so far' : best ? ` (best ${percent(best.value)})` : '';
    const evaluated = figures === '' ? '' : ` · ${figures}${rank}`;
    const rate = row['imagesPerSecond']!.toFixed(1);
    this.#line(
      `epoch ${row['epoch']} · ${duration(row['seconds']!)} · ${lossSum(row)} · ${rate} images/s${evaluated}`,
    );
  }

  /** A line above the bar. */
  #line(text: string): void {
    if (this.#running) process.stderr.write('\r\u001b[K');
    process.stderr.write(`${text}\n`);
    this.#lastLine = performance.now();
  }
}
