import { inInt8 } from '../../compression/optimize/in-int8.ts';
import type { FileFigures, FileLine, OptimizeLine, Precision } from '../../compression/optimize/lines.ts';
import type { FileRequest, OptimizeWorld } from '../../compression/optimize/world.ts';
import type { ImportanceOptions } from '../../compression/prune/importance.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { checkAborted } from '../../foundation/abort.ts';
import type { Model } from '../../models/model.ts';
import type { Network } from '../../network/layers.ts';
import { damageMeter } from '../decompose/output-damage.ts';
import { PruneWorkshop, type WorldOptions } from '../prune/world.ts';
import { mergeSettings } from '../train/settings-file.ts';
import type { OptimizeEvent } from './events.ts';
import { ModelFiles } from './model-files.ts';

export interface WorkshopOptions extends Omit<WorldOptions, 'importance'> {
  /** Images to measure damage on. */
  readonly images: Dataset;
  readonly minutes: number | undefined;
  /** Seconds of work in earlier calls. */
  readonly worked: number;
}

/** Share of the minutes for steps. The rest is for final training. */
const FOR_STEPS = 0.7;
/** Minimum seconds of training that are worth starting. */
const LEAST_TRAINING = 1;
/** Removes channels with the smallest filters first. The choice matters little, because training follows. */
const IMPORTANCE = 'l1';

/** Trains, evaluates, times and writes models for the search, in its output folder. */
export class OptimizeWorkshop implements OptimizeWorld<Model> {
  readonly #options: WorkshopOptions;
  readonly #onEvent: (event: OptimizeEvent) => void;
  readonly #files: ModelFiles;
  readonly #begun = performance.now();
  readonly #predictions = new Map<string, number | undefined>();
  /** Interrupts the current work. */
  #signal: AbortSignal | undefined;
  /** Longest time that writing a file took, in seconds. */
  #writing = 0;

  constructor(options: WorkshopOptions, onEvent: (event: OptimizeEvent) => void) {
    this.#options = options;
    this.#onEvent = onEvent;
    this.#signal = options.signal;
    this.#files = new ModelFiles(options, onEvent);
  }

  /** Writes the first model. */
  open(): Promise<void> {
    return this.#files.open();
  }

  get first(): string {
    return this.#files.first;
  }

  get seconds(): number {
    return this.#options.worked + (performance.now() - this.#begun) / 1000;
  }

  get isInterrupted(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  /** Seconds that steps may still take. */
  get #left(): number {
    const { minutes } = this.#options;
    return minutes === undefined ? Number.POSITIVE_INFINITY : FOR_STEPS * 60 * minutes - this.seconds;
  }

  get isLate(): boolean {
    return this.#left <= 0;
  }

  async inTime<T>(work: () => Promise<T>): Promise<T> {
    const { signal } = this.#options;
    if (this.#left !== Number.POSITIVE_INFINITY) {
      const late = AbortSignal.timeout(Math.max(0, Math.ceil(1000 * this.#left)));
      this.#signal = signal ? AbortSignal.any([signal, late]) : late;
    }
    try {
      return await work();
    } finally {
      this.#signal = signal;
    }
  }

  load(file: string): Promise<Model> {
    return this.#files.load(file);
  }

  async predict(network: Network, precision: Precision): Promise<number | undefined> {
    await this.#breathe();
    const key = `${precision} ${JSON.stringify(network)}`;
    if (!this.#predictions.has(key)) this.#predictions.set(key, await this.#predict(network, precision));
    return this.#predictions.get(key);
  }

  async #predict(network: Network, precision: Precision): Promise<number | undefined> {
    const { meter } = this.#options;
    if (precision === 'float32') return await meter.predict(network);
    let isPossible = true;
    const ms = await meter.predict(network, (onnx) => {
      const int8 = inInt8(onnx);
      isPossible = int8 !== undefined;
      return int8 ?? onnx;
    });
    return isPossible ? ms : undefined;
  }

  /** Lets signals arrive between runs, which block the thread. */
  async #breathe(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    checkAborted(this.#signal);
  }

  async damageOf(model: Model): Promise<(other: Model) => Promise<number>> {
    const { images, threads } = this.#options;
    const damage = await damageMeter(model, images, threads);
    return async (other) => {
      await this.#breathe();
      return await damage(other);
    };
  }

  async importance(_model: Model, step: number): Promise<ImportanceOptions> {
    return { kind: IMPORTANCE, seed: this.#options.seed + step };
  }

  async train(model: Model, training: 'trial' | 'tuned', name: string): Promise<string | undefined> {
    const { minutes, settings } = this.#options;
    let own = settings;
    if (training === 'tuned' && minutes !== undefined) {
      const seconds = 60 * minutes - this.seconds - this.#writing;
      if (seconds < LEAST_TRAINING) return undefined;
      own = mergeSettings(settings, { maxMinutes: seconds / 60 });
    }
    const options = {
      ...this.#options,
      settings: own,
      importance: IMPORTANCE,
      signal: this.#signal,
    } as const;
    const workshop = new PruneWorkshop(options, (event) => this.#onEvent({ type: 'training', event }));
    return await workshop.train(model, training, name);
  }

  figures(file: string): Promise<FileFigures> {
    return this.#files.figures(file, this.#signal);
  }

  async time(file: string): Promise<Pick<FileLine, 'ms' | 'speedup'>> {
    await this.#breathe();
    return await this.#files.time(file);
  }

  async write(request: FileRequest): Promise<Pick<FileLine, 'model' | 'precision'>> {
    const begun = performance.now();
    const written = await this.#files.write(request, this.#signal);
    this.#writing = Math.max(this.#writing, (performance.now() - begun) / 1000);
    return written;
  }

  finish(file: string, float: string, lines: readonly OptimizeLine[]) {
    return this.#files.finish(file, float, lines);
  }

  async forget(file: string): Promise<void> {
    await new PruneWorkshop({ ...this.#options, importance: IMPORTANCE }, () => {}).forget(file);
  }

  onProgress(stage: string, done: number, steps: number): void {
    this.#onEvent({ type: 'progress', stage, done, steps });
  }
}
