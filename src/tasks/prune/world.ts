import { rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { Size } from '../../boxes/formats.ts';
import type { Importance, ImportanceOptions } from '../../compression/prune/importance.ts';
import type { PruneTraining, PruneWorld } from '../../compression/prune/world.ts';
import type { Tensors } from '../../graph/operations.ts';
import { readModel, writeModel } from '../../models/formats/safetensors/model-file.ts';
import { initializeWeights } from '../../models/initialize.ts';
import type { Model } from '../../models/model.ts';
import { keptName } from '../../training/optimizers/optimizer.ts';
import { readCheckpoint } from '../../training/run/checkpoint.ts';
import { evaluateModel } from '../evaluate/evaluate-model.ts';
import type { LatencyMeter } from '../latency/meter.ts';
import { type GivenSettings, mergeSettings } from '../train/settings-file.ts';
import type { TrainEvent } from '../train/train-detector.ts';
import { trainInFolder } from './run-folder-training.ts';

export interface WorldOptions {
  readonly out: string;
  /** Digest of the work, from the journal. */
  readonly work: string;
  /** The model to prune. */
  readonly model: Model;
  readonly path: string;
  readonly data: string;
  readonly split: string;
  readonly size: Size;
  readonly epochs: Readonly<Record<PruneTraining, number>>;
  readonly importance: Importance;
  readonly seed: number;
  readonly threads: number | undefined;
  readonly settings: GivenSettings;
  readonly meter: LatencyMeter;
  readonly signal: AbortSignal | undefined;
}

/** Name of the resulting model in the output folder. */
export const BEST_FILE = 'best.safetensors';

/** Peak learning rates. Higher ones would destroy trained weights. */
const LEARNING_RATES: Readonly<Record<PruneTraining, number>> = {
  trial: 0.0005,
  tuned: 0.001,
  scratch: 0.002,
};

/** Collects gradients: AdamW's first moments, over about a hundred steps that are too small to change weights. */
const COLLECTING = { kind: 'adamW', learningRate: 1e-12, momentum: 0.99 };

/** Trains, evaluates and times models for pruning, in its output folder. */
export class PruneWorkshop implements PruneWorld<Model> {
  readonly #options: WorldOptions;
  readonly #onEvent: (event: TrainEvent) => void;
  readonly #runs: string;

  constructor(options: WorldOptions, onEvent: (event: TrainEvent) => void) {
    this.#options = options;
    this.#onEvent = onEvent;
    this.#runs = join(options.out, 'trials');
  }

  get isInterrupted(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  async load(file?: string): Promise<Model> {
    return file === undefined ? this.#options.model : await readModel(join(this.#options.out, file));
  }

  async train(model: Model, training: PruneTraining, name: string): Promise<string | undefined> {
    const { epochs, seed, out, settings } = this.#options;
    const weights = training === 'scratch' ? initializeWeights(model.network, seed) : model.weights;
    const usual = { epochs: epochs[training], optimizer: { learningRate: LEARNING_RATES[training] } };
    const trained = await this.#train({ ...model, weights }, name, mergeSettings(usual, settings));
    return trained?.model.slice(out.length).split(sep).filter(Boolean).join('/');
  }

  #train(model: Model, name: string, own: GivenSettings) {
    const { work, data, split, size, seed, threads, signal } = this.#options;
    const usual = { data, size, seed, threads: threads ?? null, evaluateSplit: split, evaluateEvery: 0 };
    const all = mergeSettings(usual, own);
    return trainInFolder({ runs: this.#runs, name, work, model, settings: all, signal }, this.#onEvent);
  }

  async evaluate(file?: string): Promise<number> {
    const { out, path, data, split, size, threads } = this.#options;
    const model = file === undefined ? path : join(out, file);
    const { metrics } = await evaluateModel(
      { data, split, model, size, threads },
      {
        onEvent: (event) => {
          if (event.type === 'note') this.#onEvent(event);
        },
      },
    );
    return metrics.AP50;
  }

  time(network: Model['network']): Promise<number> {
    return this.#options.meter.predict(network);
  }

  async importance(model: Model, trial: number): Promise<ImportanceOptions> {
    const { importance: kind, seed } = this.#options;
    const gradients = kind === 'taylor' ? await this.#gradients(model, trial) : undefined;
    return { kind, seed: seed + trial, gradients };
  }

  async #gradients(model: Model, trial: number): Promise<Tensors | undefined> {
    const name = `${String(trial).padStart(3, '0')}-gradients`;
    const own = { ...this.#options.settings, epochs: 1, optimizer: COLLECTING };
    const trained = await this.#train(model, name, own);
    if (!trained) return undefined;
    const { state } = await readCheckpoint(trained.folder);
    const prefix = keptName('first', '');
    const gradients = [...state].flatMap(([key, tensor]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), tensor] as const] : [],
    );
    await rm(trained.folder, { recursive: true });
    if (gradients.length === 0) throw new Error(`${trained.folder}: its checkpoint has no gradients`);
    return new Map(gradients);
  }

  async finish(file: string): Promise<string> {
    const { out, model: start, path } = this.#options;
    const model = await readModel(join(out, file));
    const source = start.provenance['source'] ?? path;
    const provenance = { ...start.provenance, ...model.provenance, 'pruned from': source };
    await writeModel(join(out, BEST_FILE), { ...model, provenance });
    return BEST_FILE;
  }

  async forget(file: string): Promise<void> {
    if (file === '') return;
    const folder = dirname(join(this.#options.out, file));
    await rm(folder, { recursive: true, force: true });
    await rm(`${folder.replace(/-\d+$/, '')}.safetensors`, { force: true });
  }
}
