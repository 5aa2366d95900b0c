import type { EvaluateClassifierEvent } from '../../tasks/evaluate/evaluate-classifier.ts';
import type { EvaluateEvent } from '../../tasks/evaluate/evaluate-model.ts';
import { inFlags } from '../flags/option-flags.ts';
import { Progress } from './progress.ts';
import { EXIT } from './report.ts';

/** A progress bar over images on stderr, with problems and notes printed above it. */
export class ImageProgress {
  readonly #bar: Progress;
  #skipped = 0;
  #doubted = 0;

  /** @param unit plural name of the counted items. @default 'images' */
  constructor(unit = 'images') {
    this.#bar = new Progress(unit);
  }

  /** Number of images that could not be used. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Number of damaged images that were used anyway. */
  get doubted(): number {
    return this.#doubted;
  }

  start(images: number): void {
    this.#bar.start(images);
  }

  step(): void {
    this.#bar.step();
  }

  /** @param total number of images of the command. If the only one cannot be used, the command fails */
  skip(error: Error, total?: number): void {
    const isOnly = total === 1 && this.#skipped === 0;
    this.#skipped++;
    this.#bar.skip();
    this.#bar.print(`${isOnly ? 'error' : 'skipped'}: ${inFlags(error.message)}`);
  }

  /** Exit code of a command that could use no image. */
  failed(): number {
    if (this.#skipped > 1) this.#bar.print('error: no image could be used');
    return EXIT.failed;
  }

  doubt(image: string, message: string): void {
    this.#doubted++;
    this.#bar.print(`warning: ${inFlags(`${image}: ${message}`)}`);
  }

  note(message: string): void {
    this.#bar.print(`note: ${inFlags(message)}`);
  }

  stop(): void {
    this.#bar.stop();
  }
}

/** Evaluates with a progress bar. Returns the report, the runtime and the number of skipped images. */
export async function underBar<Report>(
  evaluate: (onEvent: (event: EvaluateEvent | EvaluateClassifierEvent) => void) => Promise<Report>,
): Promise<{ readonly report: Report; readonly runtime: string | undefined; readonly skipped: number }> {
  const progress = new ImageProgress();
  let runtime: string | undefined;
  try {
    const report = await evaluate((event) => {
      if (event.type === 'note') progress.note(event.message);
      else if (event.type === 'started') {
        runtime = event.runtime;
        progress.start(event.total);
      } else if (event.type === 'item') progress.step();
      else progress.skip(event.error);
    });
    return { report, runtime, skipped: progress.skipped };
  } finally {
    progress.stop();
  }
}
