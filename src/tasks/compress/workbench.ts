import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset } from '../../datasets/dataset.ts';
import { openDataset } from '../../datasets/open/description.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { makeFolder } from '../../foundation/files/folders.ts';
import { readModel, writeModel } from '../../models/formats/safetensors/model-file.ts';
import type { Model } from '../../models/model.ts';
import { detectionHeads, trainedOutputs } from '../../network/detection-outputs.ts';
import { evaluateModel } from '../evaluate/evaluate-model.ts';
import { checkSameClasses } from '../prune/check-classes.ts';
import { trainInFolder } from '../prune/run-folder-training.ts';
import { checkTrialSettings, SHRINKING_SETTINGS } from '../prune/trial-settings.ts';
import { datasetDigest, lockRun } from '../train/run-folder.ts';
import { type GivenSettings, mergeSettings } from '../train/settings-file.ts';
import type { TrainEvent } from '../train/train-detector.ts';

export interface WorkbenchOptions {
  /** Labeled images with the split to evaluate on, and `train`. */
  readonly data: string;
  readonly split: string;
  readonly seed: number;
  readonly threads: number | undefined;
  /** Training settings of the user. */
  readonly settings: GivenSettings;
  /** Folder of the training runs. It is not removed. Undefined without training. */
  readonly folder: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** Whether the model will be trained. */
  readonly isTraining: boolean;
  readonly onTraining: (event: TrainEvent) => void;
}

/** Digest of what a training depends on. */
function digestOf({ weights, network }: Model, settings: GivenSettings, data: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify([network, settings, data]));
  for (const { data } of weights.values()) hash.update(data);
  return hash.digest('hex').slice(0, 12);
}

/** Peak learning rate. A higher one would destroy the trained weights. */
const LEARNING_RATE = 0.001;

/** Evaluates and trains a model during compression. */
export class Workbench implements AsyncDisposable {
  readonly #options: WorkbenchOptions;
  readonly #scratch: string;
  /** Keeps other processes from training in the folder. */
  readonly #lock: AsyncDisposable | undefined;
  /** Digests of the data's splits. */
  readonly #digests: readonly string[];
  /** Images to choose by: the split `train` if there is one, because AP50 is measured on the other split. */
  readonly images: Dataset;

  private constructor(
    options: WorkbenchOptions,
    lock: AsyncDisposable | undefined,
    scratch: string,
    digests: readonly string[],
    images: Dataset,
  ) {
    this.#options = options;
    this.#lock = lock;
    this.#scratch = scratch;
    this.#digests = digests;
    this.images = images;
  }

  /**
   * Opens the data.
   * @throws MicroYoloError `invalid-argument` if a split is missing, or does not have the classes of a model to train;
   * `unsupported` if the model is not a detector; `locked` if another process is training in the folder
   */
  static async open({ network, classes }: Model, options: WorkbenchOptions): Promise<Workbench> {
    const { data, split, settings, isTraining, folder } = options;
    checkTrialSettings('training', { data }, settings, SHRINKING_SETTINGS);
    if (isTraining) trainedOutputs(network);
    else detectionHeads(network);
    const source = await openDataset(data);
    const missing = [split, ...(isTraining ? ['train'] : [])].find((name) => !source.splits.includes(name));
    if (missing !== undefined) {
      throw new MicroYoloError(
        'invalid-argument',
        `${data}: has no split ${missing}, only ${source.splits.join(', ')}; divide it with "micro-yolo dataset split"`,
      );
    }
    const evaluation = await source.read(split);
    const train = source.splits.includes('train') ? await source.read('train') : undefined;
    if (isTraining) for (const dataset of [train!, evaluation]) checkSameClasses(classes, dataset, data);
    if (folder !== undefined) await makeFolder(folder);
    const lock = folder === undefined ? undefined : await lockRun(folder);
    const scratch = await mkdtemp(join(tmpdir(), 'micro-yolo-compress-'));
    const digests = isTraining ? [train!, evaluation].map(datasetDigest) : [];
    return new Workbench(options, lock, scratch, digests, train ?? evaluation);
  }

  /** Measures AP50 on the evaluation split, 0–1. */
  async evaluate(model: Model): Promise<number> {
    const { data, split, threads, signal, onTraining } = this.#options;
    const path = join(this.#scratch, 'model.safetensors');
    await writeModel(path, model);
    const onEvent = (event: { readonly type: string }) => {
      if (event.type === 'note') onTraining(event as TrainEvent);
    };
    const { metrics } = await evaluateModel({ data, split, model: path, threads }, { signal, onEvent });
    return metrics.AP50;
  }

  /**
   * Trains a model for a number of minutes. Continues the same training if it was interrupted.
   * @param name prefix of the run's name
   * @returns the best model, or undefined if interrupted
   */
  async tune(
    model: Model,
    name: string,
    minutes: number,
    own: GivenSettings = {},
  ): Promise<Model | undefined> {
    const { data, split, seed, threads, settings, signal, folder, onTraining } = this.#options;
    const [, height, width] = model.network.input;
    const usual = {
      ...{ data, size: { width, height }, seed, maxMinutes: minutes },
      ...{ evaluateSplit: split, evaluateEvery: 0, optimizer: { learningRate: LEARNING_RATE } },
    };
    const asked = mergeSettings(mergeSettings(usual, own), settings);
    const run = { runs: folder!, name, work: digestOf(model, asked, this.#digests), model, signal };
    const all = mergeSettings({ threads: threads ?? null }, asked);
    const trained = await trainInFolder({ ...run, settings: all }, onTraining);
    return trained && (await readModel(trained.model));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#scratch, { recursive: true, force: true });
    await this.#lock?.[Symbol.asyncDispose]();
  }
}
