import { type Size, squareSize } from '../../boxes/formats.ts';
import { type LoaderPosition, mixSeeds } from '../loader/order.ts';
import type { RunClock } from './clock.ts';
import { stepScalars } from './scalars.ts';
import type { TrainingSettings } from './settings.ts';

/** What changes while a run goes on, by its steps or by its clock: the input size, the clean end, the scalars. */
export class RunSchedule {
  readonly #settings: TrainingSettings;
  readonly #input: Size;
  readonly #batches: number;
  readonly #clock: RunClock;

  /**
   * @param input of the network, in pixels
   * @param batches an epoch
   */
  constructor(settings: TrainingSettings, input: Size, batches: number, clock: RunClock) {
    this.#settings = settings;
    this.#input = input;
    this.#batches = batches;
    this.#clock = clock;
  }

  /** Steps of the whole run; unknown if it ends by time. */
  get total(): number | undefined {
    const { epochs, maxMinutes } = this.#settings;
    return maxMinutes === null ? epochs * this.#batches : undefined;
  }

  /** Share of the run that is done after so many steps, 0–1. */
  shareAt(step: number): number {
    const { maxMinutes } = this.#settings;
    if (maxMinutes === null) return Math.min(1, step / this.total!);
    const { seconds, reading } = this.#clock;
    const scheduled = 60 * maxMinutes - reading;
    return scheduled > 0 ? Math.min(1, (seconds - reading) / scheduled) : 1;
  }

  /** Input size of the batch at a position, and whether it belongs to the clean end. */
  shapeOf({ epoch, batch }: LoaderPosition): { readonly input: Size; readonly clean: boolean } {
    const { multiScale, seed, cleanShare } = this.#settings;
    const step = epoch * this.#batches + batch;
    const clean = cleanShare > 0 && this.shareAt(step) >= 1 - cleanShare;
    if (clean || multiScale === null) return { input: this.#input, clean };
    const turn = Math.floor(step / multiScale.every);
    const size = multiScale.sizes[mixSeeds(seed, turn, 3) % multiScale.sizes.length]!;
    return { input: squareSize(size), clean: false };
  }

  /**
   * All that changes with time, for the next step.
   * @param step steps before it
   * @param updates of the weights before it
   */
  scalarsAt(step: number, updates: number): Readonly<Record<string, number>> {
    // In the middle of the step: at its start the first one's learning rate would be 0.
    return stepScalars(this.#settings, { progress: this.shareAt(step + 0.5), step, updates });
  }
}
