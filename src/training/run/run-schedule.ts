import { type Size, squareSize } from '../../boxes/formats.ts';
import { type LoaderPosition, mixSeeds } from '../loader/order.ts';
import type { RunClock } from './clock.ts';
import { stepScalars } from './scalars.ts';
import type { TrainingSettings } from './settings.ts';

/** The longest side of a run's inputs, in pixels. Images are read at this size. */
export function longestSide({ multiScale }: TrainingSettings, input: Size): number {
  const sizes = [input, ...(multiScale?.sizes ?? []).map(squareSize)];
  return Math.max(...sizes.flatMap(({ width, height }) => [width, height]));
}

/** Input size at a step that is not clean, if the size changes during the run. */
export function scaleAt(
  { sizes, every }: NonNullable<TrainingSettings['multiScale']>,
  seed: number,
  step: number,
): Size {
  const turn = Math.floor(step / every);
  return squareSize(sizes[mixSeeds(seed, turn, 3) % sizes.length]!);
}

/** What changes during a run, by steps or by time: the input size, clean batches, and scalars. */
export class RunSchedule {
  readonly #settings: TrainingSettings;
  readonly #input: Size;
  readonly #batches: number;
  readonly #clock: RunClock;

  /**
   * @param input input size of the network, in pixels
   * @param batches number of batches per epoch
   */
  constructor(settings: TrainingSettings, input: Size, batches: number, clock: RunClock) {
    this.#settings = settings;
    this.#input = input;
    this.#batches = batches;
    this.#clock = clock;
  }

  /** Number of steps of the whole run; undefined if it has a time limit. */
  get total(): number | undefined {
    const { epochs, maxMinutes } = this.#settings;
    return maxMinutes === null ? epochs * this.#batches : undefined;
  }

  /** Completed share of the run after a number of steps, 0–1. */
  shareAt(step: number): number {
    const { maxMinutes } = this.#settings;
    if (maxMinutes === null) return Math.min(1, step / this.total!);
    const { seconds, reading } = this.#clock;
    const scheduled = 60 * maxMinutes - reading;
    return scheduled > 0 ? Math.min(1, (seconds - reading) / scheduled) : 1;
  }

  /** Input size of the batch at a position, and whether it is clean, as at the end of a run. */
  shapeOf({ epoch, batch }: LoaderPosition): { readonly input: Size; readonly clean: boolean } {
    const { multiScale, seed, cleanShare } = this.#settings;
    const step = epoch * this.#batches + batch;
    const clean = cleanShare > 0 && this.shareAt(step) >= 1 - cleanShare;
    return { input: clean || multiScale === null ? this.#input : scaleAt(multiScale, seed, step), clean };
  }

  /**
   * Scalars of the next step.
   * @param step number of steps before it
   * @param updates number of weight updates before it
   */
  scalarsAt(step: number, updates: number): Readonly<Record<string, number>> {
    // The middle of the step, because the learning rate is 0 at the start of the first one.
    return stepScalars(this.#settings, { progress: this.shareAt(step + 0.5), step, updates });
  }
}
