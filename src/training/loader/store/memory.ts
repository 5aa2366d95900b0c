import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import type { RgbImage } from '../../../image/decode.ts';
import type { ImageStore, SharedImage } from './store.ts';

/** Decoded images in memory, shared by all threads. */
export class MemoryStore implements ImageStore {
  readonly #images: readonly (SharedImage | undefined)[];

  constructor(images: readonly (SharedImage | undefined)[]) {
    this.#images = images;
  }

  async load(index: number): Promise<RgbImage> {
    const image = this.#images[index];
    if (!image) throw new MicroYoloError('not-found', `image ${index}: could not be read at the start`);
    return { width: image.width, height: image.height, data: new Uint8Array(image.bytes) };
  }

  async close(): Promise<void> {}
}
