import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inInt8 } from '../../compression/optimize/in-int8.ts';
import type { FileFigures, FileLine, OptimizeLine, Precision } from '../../compression/optimize/lines.ts';
import type { FileRequest, OptimizeWorld } from '../../compression/optimize/world.ts';
import type { ImportanceOptions } from '../../compression/prune/importance.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { checkAborted } from '../../foundation/abort.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { makeFolder } from '../../foundation/files/folders.ts';
import { writeWholeFile } from '../../foundation/files/write.ts';
import { medianRatio } from '../../foundation/timing/alternate.ts';
import { median } from '../../foundation/timing/median.ts';
import { readModel, writeModel } from '../../models/formats/safetensors/model-file.ts';
import type { Model } from '../../models/model.ts';
import type { Network } from '../../network/layers.ts';
import { loadContender } from '../benchmark/contenders.ts';
import { runInTurns } from '../benchmark/run-in-turns.ts';
import { damageMeter } from '../decompose/output-damage.ts';
import { evaluateModel } from '../evaluate/evaluate-model.ts';
import { BEST_FILE, PruneWorkshop, type WorldOptions } from '../prune/world.ts';
import { quantizeModel } from '../quantize/quantize-model.ts';
import { mergeSettings } from '../train/settings-file.ts';
import type { OptimizeEvent } from './events.ts';
import { writePage } from './write-page.ts';

export interface WorkshopOptions extends Omit<WorldOptions, 'importance'> {
  /** That damage is measured on. */
  readonly images: Dataset;
  readonly minutes: number | undefined;
  /** Seconds of work before this time's. */
  readonly worked: number;
}

/** The network of the best file in float, to be trained. */
export const FLOAT_FILE = 'float.safetensors';
/** Files to choose from, in the output folder. */
const FILES = 'models';
/** Rounds of timing. */
const ROUNDS = 10;
/** Share of the minutes that steps may take: the rest is for the training at the end. */
const FOR_STEPS = 0.7;
/** Seconds of training that are worth beginning. */
const LEAST_TRAINING = 1;

/** Trains, evaluates, times and writes for the search, in its output folder. */
export class OptimizeWorkshop implements OptimizeWorld<Model> {
  readonly first = `${FILES}/start.safetensors`;
  readonly #options: WorkshopOptions;
  readonly #onEvent: (event: OptimizeEvent) => void;
  readonly #begun = performance.now();
  readonly #noted = new Set<string>();
  readonly #predictions = new Map<string, number | undefined>();
  /** Ends what is under way. */
  #signal: AbortSignal | undefined;
  /** Seconds that writing a file took. */
  #writing = 0;

  constructor(options: WorkshopOptions, onEvent: (event: OptimizeEvent) => void) {
    this.#options = options;
    this.#onEvent = onEvent;
    this.#signal = options.signal;
  }

  /** Writes the first model. */
  async open(): Promise<void> {
    await makeFolder(join(this.#options.out, FILES));
    await writeModel(this.#path(this.first), this.#options.model);
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

  #path(file: string): string {
    return join(this.#options.out, file);
  }

  load(file: string): Promise<Model> {
    return readModel(this.#path(file));
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

  /** Signals are heard between runs, which block the thread. */
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
    return { kind: 'l1', seed: this.#options.seed + step };
  }

  async train(model: Model, training: 'trial' | 'tuned', name: string): Promise<string | undefined> {
    const { minutes, settings } = this.#options;
    let own = settings;
    if (training === 'tuned' && minutes !== undefined) {
      const seconds = 60 * minutes - this.seconds - this.#writing;
      if (seconds < LEAST_TRAINING) return undefined;
      own = mergeSettings(settings, { maxMinutes: seconds / 60 });
    }
    const options = { ...this.#options, settings: own, importance: 'l1' as const, signal: this.#signal };
    const workshop = new PruneWorkshop(options, (event) => this.#onEvent({ type: 'training', event }));
    return await workshop.train(model, training, name);
  }

  async figures(file: string): Promise<FileFigures> {
    const { data, split, threads } = this.#options;
    const path = this.#path(file);
    const { metrics } = await evaluateModel(
      { model: path, data, split, threads },
      {
        signal: this.#signal,
        onEvent: (event) => {
          if (event.type === 'note') this.#note(event.message);
        },
      },
    );
    return { bytes: (await stat(path)).size, AP: metrics.AP, AP50: metrics.AP50 };
  }

  async time(file: string): Promise<Pick<FileLine, 'ms' | 'speedup'>> {
    await this.#breathe();
    const names = [...new Set([this.#path(this.first), this.#path(file)])];
    const loaded = await Promise.all(names.map((name) => loadContender(name, undefined)));
    const timings = await runInTurns(loaded, ROUNDS, this.#options.threads);
    const [first, last] = [names[0]!, names.at(-1)!];
    return { ms: median(timings.get(last)!), speedup: medianRatio(timings, first, last) };
  }

  async write({
    from,
    name,
    precision,
    maxDrop,
  }: FileRequest): Promise<Pick<FileLine, 'model' | 'precision'>> {
    const begun = performance.now();
    const written = precision === 'int8' && (await this.#quantize(from, name, 100 * maxDrop));
    const model = written || (await this.#copy(from, `${FILES}/${name}-float32.safetensors`));
    this.#writing = Math.max(this.#writing, (performance.now() - begun) / 1000);
    return { model, precision: written ? 'int8' : 'float32' };
  }

  /** @returns nothing if 8 bits cost too much */
  async #quantize(from: string, name: string, points: number): Promise<string | undefined> {
    const { data, split, threads } = this.#options;
    const file = `${FILES}/${name}-int8.safetensors`;
    const maxDrop = points > 0 ? Math.min(100, points) : undefined;
    try {
      await quantizeModel(
        { model: this.#path(from), data, split, threads, maxDrop, out: this.#path(file) },
        {
          signal: this.#signal,
          onEvent: (event) => {
            if (event.type === 'started') this.onProgress(event.stage, 0, event.steps);
            else if (event.type === 'note') this.#note(event.message);
          },
        },
      );
      return file;
    } catch (error) {
      if (!(error instanceof MicroYoloError) || error.code !== 'unsupported') throw error;
      this.#note(`${name} stays in float: ${error.message}`);
      return undefined;
    }
  }

  /** Each note once: every file is evaluated on the same data. */
  #note(message: string): void {
    if (this.#noted.has(message)) return;
    this.#noted.add(message);
    this.#onEvent({ type: 'note', message });
  }

  async #copy(from: string, to: string): Promise<string> {
    await writeWholeFile(this.#path(to), await readFile(this.#path(from)));
    return to;
  }

  async finish(file: string, float: string, lines: readonly OptimizeLine[]) {
    const { out, data } = this.#options;
    const made = { model: await this.#copy(file, BEST_FILE), float: await this.#copy(float, FLOAT_FILE) };
    await writePage(out, lines, file, { data, input: (await this.load(this.first)).network.input });
    return made;
  }

  async forget(file: string): Promise<void> {
    const options = { ...this.#options, importance: 'l1' as const };
    await new PruneWorkshop(options, () => {}).forget(file);
  }

  onProgress(stage: string, done: number, steps: number): void {
    this.#onEvent({ type: 'progress', stage, done, steps });
  }
}
