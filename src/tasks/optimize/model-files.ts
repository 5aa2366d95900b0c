import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileFigures, FileLine, OptimizeLine } from '../../compression/optimize/lines.ts';
import type { FileRequest } from '../../compression/optimize/world.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { makeFolder } from '../../foundation/files/folders.ts';
import { writeWholeFile } from '../../foundation/files/write.ts';
import { medianRatio } from '../../foundation/timing/alternate.ts';
import { median } from '../../foundation/timing/median.ts';
import { readModel, writeModel } from '../../models/formats/safetensors/model-file.ts';
import type { Model } from '../../models/model.ts';
import { loadContender } from '../benchmark/contenders.ts';
import { runInTurns } from '../benchmark/run-in-turns.ts';
import { evaluateModel } from '../evaluate/evaluate-model.ts';
import { BEST_FILE } from '../prune/world.ts';
import { quantizeModel } from '../quantize/quantize-model.ts';
import type { OptimizeEvent } from './events.ts';
import { writePage } from './write-page.ts';

export interface ModelFilesOptions {
  /** The output folder. */
  readonly out: string;
  /** The model that the search starts from, and its path. */
  readonly model: Model;
  readonly path: string;
  readonly data: string;
  readonly split: string;
  readonly threads: number | undefined;
}

/** The best network in float, which can be trained further. */
export const FLOAT_FILE = 'float.safetensors';
/** Folder of the candidate files, in the output folder. */
const FILES = 'models';
/** Number of timing rounds. */
const ROUNDS = 10;

/** Writes, evaluates and times model files in the output folder. */
export class ModelFiles {
  /** The first model. */
  readonly first = `${FILES}/start.safetensors`;
  readonly #options: ModelFilesOptions;
  readonly #onEvent: (event: OptimizeEvent) => void;
  readonly #noted = new Set<string>();

  constructor(options: ModelFilesOptions, onEvent: (event: OptimizeEvent) => void) {
    this.#options = options;
    this.#onEvent = onEvent;
  }

  /** Writes the first model. */
  async open(): Promise<void> {
    await makeFolder(this.#path(FILES));
    await writeModel(this.#path(this.first), this.#options.model);
  }

  #path(file: string): string {
    return join(this.#options.out, file);
  }

  load(file: string): Promise<Model> {
    return readModel(this.#path(file));
  }

  /** Reports each note once, because every file is evaluated on the same data. */
  #note(message: string): void {
    if (this.#noted.has(message)) return;
    this.#noted.add(message);
    this.#onEvent({ type: 'note', message });
  }

  async figures(file: string, signal: AbortSignal | undefined): Promise<FileFigures> {
    const { data, split, threads } = this.#options;
    const model = this.#path(file);
    const onEvent = (event: { readonly type: string; readonly message?: string }) => {
      if (event.type === 'note') this.#note(event.message!);
    };
    const { metrics } = await evaluateModel({ model, data, split, threads }, { signal, onEvent });
    return { bytes: (await stat(model)).size, AP: metrics.AP, AP50: metrics.AP50 };
  }

  async time(file: string): Promise<Pick<FileLine, 'ms' | 'speedup'>> {
    const names = [...new Set([this.#path(this.first), this.#path(file)])];
    const loaded = await Promise.all(names.map((name) => loadContender(name, undefined)));
    const timings = await runInTurns(loaded, ROUNDS, this.#options.threads);
    const [first, last] = [names[0]!, names.at(-1)!];
    return { ms: median(timings.get(last)!), speedup: medianRatio(timings, first, last) };
  }

  /** Loads a model and records its origin. */
  async #marked(file: string): Promise<Model> {
    const { model: start, path } = this.#options;
    const model = await this.load(file);
    const source = start.provenance['source'] ?? path;
    return { ...model, provenance: { ...start.provenance, ...model.provenance, 'optimized from': source } };
  }

  async write(
    { from, name, precision, maxDrop }: FileRequest,
    signal: AbortSignal | undefined,
  ): Promise<Pick<FileLine, 'model' | 'precision'>> {
    const float = `${FILES}/${name}-float32.safetensors`;
    await writeModel(this.#path(float), await this.#marked(from));
    const int8 = `${FILES}/${name}-int8.safetensors`;
    const isInt8 = precision === 'int8' && (await this.#quantize(float, int8, 100 * maxDrop, signal));
    if (!isInt8) return { model: float, precision: 'float32' };
    await rm(this.#path(float));
    return { model: int8, precision };
  }

  /** @returns whether the loss in 8 bits is within the limit */
  async #quantize(
    from: string,
    to: string,
    points: number,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const { data, split, threads } = this.#options;
    const maxDrop = points > 0 ? Math.min(100, points) : undefined;
    try {
      await quantizeModel(
        { model: this.#path(from), data, split, threads, maxDrop, out: this.#path(to) },
        {
          signal,
          onEvent: (event) => {
            if (event.type === 'started') {
              this.#onEvent({ type: 'progress', stage: event.stage, done: 0, steps: event.steps });
            } else if (event.type === 'note') this.#note(event.message);
          },
        },
      );
      return true;
    } catch (error) {
      if (!(error instanceof MicroYoloError) || error.code !== 'unsupported') throw error;
      this.#note(`${from} stays in float: ${error.message}`);
      return false;
    }
  }

  /** Writes the results. @param file the best file. @param float the model in float that it was made from */
  async finish(file: string, float: string, lines: readonly OptimizeLine[]) {
    const { out, data } = this.#options;
    await writeWholeFile(this.#path(BEST_FILE), await readFile(this.#path(file)));
    await writeModel(this.#path(FLOAT_FILE), await this.#marked(float));
    await writePage(out, lines, file, { data, input: (await this.load(this.first)).network.input });
    return { model: BEST_FILE, float: FLOAT_FILE };
  }
}
