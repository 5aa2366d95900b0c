import { createHash } from 'node:crypto';
import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ZodType } from 'zod';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { isFile } from '../../../foundation/files/folders.ts';
import { readText } from '../../../foundation/files/text.ts';
import { writeWholeFile } from '../../../foundation/files/write.ts';
import type { Model } from '../../../models/model.ts';
import { TRAINING_MINUTES } from '../../../options/quantize.ts';
import { trainingFolder } from '../../compress/outcome.ts';
import type { Workbench as TrainingBench } from '../../compress/workbench.ts';
import type { GivenSettings } from '../../train/settings-file.ts';
import type { TrainEvent } from '../../train/train-detector.ts';
import type { QuantizeSettings } from '../settings.ts';
import type { WholeGraph } from '../source-graph.ts';

export interface TrainerOptions {
  readonly settings: QuantizeSettings;
  /** File to write. Training runs are stored beside it. */
  readonly path: string;
  readonly signal: AbortSignal | undefined;
  readonly onTraining: (event: TrainEvent) => void;
}

/** Parses JSON with a schema. Undefined if the text does not match. */
function parsed<T>(text: string, schema: ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Trains a detector during quantization. Continues the training of an interrupted earlier call. */
export class Trainer implements AsyncDisposable {
  /** The detector in float. */
  readonly source: Model;
  /** Minutes of each training. */
  readonly minutes: number;
  readonly #bench: TrainingBench;
  readonly #folder: string;

  private constructor(source: Model, minutes: number, bench: TrainingBench, folder: string) {
    this.source = source;
    this.minutes = minutes;
    this.#bench = bench;
    this.#folder = folder;
  }

  /**
   * @returns undefined if no option requests training
   * @throws MicroYoloError `invalid-argument` for a graph, or data that lacks a split or has other classes
   */
  static async open(
    { source }: WholeGraph,
    { settings, path, signal, onTraining }: TrainerOptions,
  ): Promise<Trainer | undefined> {
    const { finetune, swapActivations, model, data, split = 'val', threads } = settings;
    if (finetune === undefined && swapActivations === undefined) return undefined;
    if (!source) {
      const problem = `model ${model}: is an ONNX graph, which cannot be trained`;
      throw new MicroYoloError(
        'invalid-argument',
        `${problem}; name a model file of this library, or leave out \`${finetune === undefined ? 'swapActivations' : 'finetune'}\``,
        { field: 'model', received: model },
      );
    }
    // Imported here, so that quantizing without training does not load the training code.
    const { Workbench } = await import('../../compress/workbench.ts');
    const folder = trainingFolder(path);
    const bench = await Workbench.open(source, {
      ...{ data: data!, split, seed: 1, threads, settings: settings.settings ?? {} },
      ...{ isTraining: true, folder, signal, onTraining },
    });
    return new Trainer(source, finetune ?? TRAINING_MINUTES, bench, folder);
  }

  /**
   * Trains a model for `minutes`.
   * @param name prefix of the run's name
   * @throws MicroYoloError `interrupted` if the signal aborts. The same call continues
   */
  async train(model: Model, name: string, own: GivenSettings = {}): Promise<Model> {
    // Not evaluated, because the trained model is quantized first.
    const trained = await this.#bench.tune(model, name, this.minutes, { evaluateSplit: null, ...own });
    if (trained) return trained;
    throw new MicroYoloError('interrupted', `training ${name} was interrupted; the same call continues`);
  }

  /**
   * Returns what an earlier call measured before training, or measures it now. Times measured again could choose other
   * layers, and the interrupted training would be useless.
   * @param of what the measurement depends on
   */
  async remembered<T>(
    name: string,
    of: readonly (Uint8Array | string)[],
    schema: ZodType<T>,
    measure: () => Promise<T>,
  ): Promise<T> {
    const hash = createHash('sha256');
    for (const part of of) hash.update(part);
    const path = join(this.#folder, `${name}-${hash.digest('hex').slice(0, 12)}.json`);
    const known = (await isFile(path)) ? parsed(await readText(path, 'measurements'), schema) : undefined;
    if (known !== undefined) return known;
    const measured = await measure();
    await writeWholeFile(path, JSON.stringify(measured));
    return measured;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bench[Symbol.asyncDispose]();
    // Removed only if it is empty.
    await rmdir(this.#folder).catch(() => {});
  }
}
