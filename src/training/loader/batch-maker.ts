import type { Size } from '../../boxes/formats.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { uniformRandom } from '../../foundation/random.ts';
import { classesOutput } from '../../network/classifiers/output.ts';
import type { Network } from '../../network/layers.ts';
import { withInputSize } from '../../network/shapes.ts';
import { type AssignerName, denseAssigner } from '../assigners/assigners.ts';
import { augment } from '../augmentation/augment.ts';
import { type LabeledImage, withBoxes } from '../augmentation/labeled-image.ts';
import type { AugmentationOptions } from '../augmentation/options.ts';
import { type Head, yoloHeads } from '../heads/targets.ts';
import type { BoxRoom } from '../losses/detection-loss.ts';
import { type DetectionBatch, detectionBatch, type TrainingImage } from './batch.ts';
import { classificationBatch } from './classification-batch.ts';
import { dropoutMasks } from './dropout-masks.ts';
import { apart, type ImageObjects } from './objects.ts';
import { mixSeeds, type PlannedSample } from './order.ts';
import { openStore } from './store/open.ts';
import type { ImageStore, StoreHandle } from './store/store.ts';

/** Settings shared by all batches of a run. */
export interface BatchSettings {
  readonly store: StoreHandle;
  readonly objects: readonly ImageObjects[];
  /** Indices of the usable images. */
  readonly usable: readonly number[];
  readonly network: Network;
  readonly assigner: AssignerName;
  /** Maximum number of truths per image. */
  readonly room: number;
  /** Other inputs of the step for boxes. @default none */
  readonly more?: Omit<BoxRoom, 'truths'> | undefined;
  readonly augmentation: AugmentationOptions;
  /** Augmentation for clean batches, such as those at the end of a run. */
  readonly cleanAugmentation: AugmentationOptions;
  /** Gray level of uncovered pixels, 0–255. */
  readonly fill: number;
}

export interface BatchTask {
  readonly samples: readonly PlannedSample[];
  readonly input: Size;
  readonly clean: boolean;
}

/** An unreadable image that was replaced by another one. */
export interface SkippedImage {
  readonly image: number;
  readonly message: string;
}

export interface MadeBatch extends DetectionBatch {
  /** Indices of the main images in the data set, without those that a mosaic adds. */
  readonly images: readonly number[];
  readonly skipped: readonly SkippedImage[];
  /** Time for making the batch on one core, in milliseconds. */
  readonly milliseconds: number;
}

/** The network at an input size. */
interface Sized {
  readonly network: Network;
  readonly heads: readonly Head[];
}

/** Makes batches. The same task gives the same batch in any thread. */
export class BatchMaker {
  readonly #settings: BatchSettings;
  readonly #store: ImageStore;
  readonly #sized = new Map<string, Sized>();
  readonly #placeOf: ReadonlyMap<number, number>;

  private constructor(settings: BatchSettings, store: ImageStore) {
    this.#settings = settings;
    this.#store = store;
    this.#placeOf = new Map(settings.usable.map((image, place) => [image, place]));
  }

  static async create(settings: BatchSettings): Promise<BatchMaker> {
    return new BatchMaker(settings, await openStore(settings.store));
  }

  /** Makes the images of a task as the network sees them, with their objects. */
  async images(
    { samples, input, clean }: BatchTask,
    skipped = new Map<number, string>(),
  ): Promise<readonly TrainingImage[]> {
    const { augmentation, cleanAugmentation, usable, fill } = this.#settings;
    const options = clean ? cleanAugmentation : augmentation;
    const source = { count: usable.length, load: (place: number) => this.#load(place, skipped) };
    return Promise.all(
      samples.map(async ({ image, seed }) => {
        const place = this.#placeOf.get(image)!;
        const made = await augment(place, source, input, options, uniformRandom(seed), fill);
        return { pixels: made.image.data, ...apart(made.objects) };
      }),
    );
  }

  async make(task: BatchTask): Promise<MadeBatch> {
    const started = performance.now();
    const { assigner, room, more } = this.#settings;
    const skipped = new Map<number, string>();
    const images = await this.images(task, skipped);
    const { network, heads } = this.#sizedFor(task.input);
    const classes = classesOutput(network)?.classes;
    const batch = classes
      ? classificationBatch(images, task.input, classes)
      : detectionBatch(images, task.input, heads, denseAssigner(assigner), room, more);
    const seeds = task.samples.map(({ seed }) => mixSeeds(seed, 1));
    return {
      ...batch,
      tensors: { ...batch.tensors, ...dropoutMasks(network, seeds) },
      images: task.samples.map(({ image }) => image),
      skipped: [...skipped].map(([image, message]) => ({ image, message })),
      milliseconds: performance.now() - started,
    };
  }

  /** Loads an image with its objects. If it is unreadable, loads the next readable one. */
  async #load(place: number, skipped: Map<number, string>): Promise<LabeledImage> {
    const { usable, objects } = this.#settings;
    let problem: unknown;
    for (let tries = 0; tries < usable.length; tries++) {
      const index = usable[(place + tries) % usable.length]!;
      try {
        const image = await this.#store.load(index);
        const { width, height, objects: found } = objects[index]!;
        const [scaleX, scaleY] = [image.width / width, image.height / height];
        const scaled = withBoxes(found, ([left, top, right, bottom]) => [
          left * scaleX,
          top * scaleY,
          right * scaleX,
          bottom * scaleY,
        ]);
        return { image, objects: scaled };
      } catch (error) {
        if (!(error instanceof MicroYoloError)) throw error;
        skipped.set(index, error.message);
        problem = error;
      }
    }
    throw problem;
  }

  #sizedFor({ width, height }: Size): Sized {
    const key = `${width}×${height}`;
    const known = this.#sized.get(key);
    if (known) return known;
    const network = withInputSize(this.#settings.network, width, height);
    const sized = { network, heads: classesOutput(network) ? [] : yoloHeads(network) };
    this.#sized.set(key, sized);
    return sized;
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
