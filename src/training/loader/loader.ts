import type { Worker } from 'node:worker_threads';
import type { Size } from '../../boxes/formats.ts';
import { errorOf } from '../../foundation/errors/plain-error.ts';
import { startWorker } from '../../foundation/threads.ts';
import type { BatchSettings, BatchTask, MadeBatch } from './batch-maker.ts';
import { batchesPerEpoch, epochOrder, type LoaderPosition, nextPosition, planBatch } from './order.ts';
import { imagesPerEpoch, repeatedImages } from './repeats.ts';
import type { BatchAnswer } from './worker.ts';

export interface LoaderOptions extends BatchSettings {
  /** Images per batch. */
  readonly batch: number;
  readonly seed: number;
  /** How often an epoch shows each usable image on average, at least 1. @default 1 */
  readonly repeats?: readonly number[] | undefined;
  /** Number of threads that make batches. @default 1 */
  readonly workers?: number | undefined;
  /** Number of batches made ahead. @default two per worker */
  readonly prefetch?: number | undefined;
  /** Returns the shape of the batch at a position. Called once for each position, in order. */
  readonly shapeOf: (position: LoaderPosition) => { readonly input: Size; readonly clean: boolean };
  /** First position. @default the start */
  readonly position?: LoaderPosition | undefined;
}

export interface LoadedBatch extends MadeBatch {
  readonly position: LoaderPosition;
  readonly input: Size;
  readonly clean: boolean;
}

interface Waiting {
  resolve(batch: MadeBatch): void;
  reject(error: Error): void;
}

/** Makes batches ahead in threads. Their order and contents do not depend on the number of threads. */
export class Loader implements AsyncDisposable {
  readonly #options: LoaderOptions;
  readonly #workers: readonly { readonly worker: Worker; readonly waiting: Waiting[] }[];
  readonly #made: {
    readonly task: Omit<LoadedBatch, keyof MadeBatch>;
    readonly batch: Promise<MadeBatch>;
  }[] = [];
  readonly #prefetch: number;
  #dead: Error | undefined;
  #planned: LoaderPosition;
  #tasks = 0;
  #order: { readonly epoch: number; readonly images: readonly number[] } | undefined;

  constructor(options: LoaderOptions) {
    const { workers = 1, prefetch = 2 * workers, shapeOf: _, ...rest } = options;
    this.#options = options;
    this.#prefetch = prefetch;
    this.#planned = options.position ?? { epoch: 0, batch: 0 };
    const { store, objects, usable, network, assigner, room, more } = rest;
    const { augmentation, cleanAugmentation, fill } = rest;
    const settings: BatchSettings = {
      store,
      objects,
      usable,
      network,
      assigner,
      room,
      more,
      augmentation,
      cleanAugmentation,
      fill,
    };
    this.#workers = Array.from({ length: workers }, () => {
      const waiting: Waiting[] = [];
      const worker = startWorker('./worker', import.meta.url, settings);
      worker.on('message', (answer: BatchAnswer) => {
        const next = waiting.shift();
        if (answer.type === 'batch') next?.resolve(answer.batch);
        else next?.reject(errorOf(answer.error));
      });
      const die = (error: Error) => {
        this.#dead ??= error;
        for (const { reject } of waiting.splice(0)) reject(error);
      };
      worker.on('error', die);
      worker.on('exit', (code) => die(new Error(`a loader thread stopped with code ${code}`)));
      return { worker, waiting };
    });
  }

  get batchesPerEpoch(): number {
    const { usable, repeats, batch } = this.#options;
    return batchesPerEpoch(imagesPerEpoch(usable, repeats), batch);
  }

  /** The next batch. */
  async next(): Promise<LoadedBatch> {
    while (this.#made.length <= this.#prefetch) this.#plan();
    const { task, batch } = this.#made.shift()!;
    return { ...(await batch), ...task };
  }

  #plan(): void {
    const { batch, seed, usable, repeats, shapeOf } = this.#options;
    const position = this.#planned;
    if (this.#order?.epoch !== position.epoch) {
      const shown = repeatedImages(usable, repeats, seed, position.epoch);
      this.#order = { epoch: position.epoch, images: epochOrder(shown, seed, position.epoch) };
    }
    const { input, clean } = shapeOf(position);
    const samples = planBatch(this.#order.images, batch, seed, position);
    const made = this.#send({ samples, input, clean });
    // `next` reports the failure.
    made.catch(() => {});
    this.#made.push({ task: { position, input, clean }, batch: made });
    this.#planned = nextPosition(position, this.batchesPerEpoch);
  }

  #send(task: BatchTask): Promise<MadeBatch> {
    const { worker, waiting } = this.#workers[this.#tasks++ % this.#workers.length]!;
    return new Promise((resolve, reject) => {
      if (this.#dead) return reject(this.#dead);
      waiting.push({ resolve, reject });
      worker.postMessage(task);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map(({ worker }) => worker.terminate()));
  }
}
