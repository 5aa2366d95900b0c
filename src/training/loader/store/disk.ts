import { type FileHandle, open } from 'node:fs/promises';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { unreadable } from '../../../foundation/files/read.ts';
import type { RgbImage } from '../../../image/decode.ts';
import type { ImageStore, StoredImage } from './store.ts';

/** Decoded images, concatenated in one file. */
export class DiskStore implements ImageStore {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #images: readonly (StoredImage | undefined)[];

  private constructor(path: string, file: FileHandle, images: readonly (StoredImage | undefined)[]) {
    this.#path = path;
    this.#file = file;
    this.#images = images;
  }

  static async open(path: string, images: readonly (StoredImage | undefined)[]): Promise<DiskStore> {
    try {
      return new DiskStore(path, await open(path), images);
    } catch (error) {
      throw await unreadable(path, 'the cache of images', error);
    }
  }

  async load(index: number): Promise<RgbImage> {
    const image = this.#images[index];
    if (!image) throw new MicroYoloError('not-found', `image ${index}: could not be read at the start`);
    const { width, height, offset } = image;
    const data = new Uint8Array(3 * width * height);
    const { bytesRead } = await this.#file.read(data, 0, data.length, offset);
    if (bytesRead < data.length) {
      throw new MicroYoloError('invalid-file', `${this.#path}: truncated; start the run again`);
    }
    return { width, height, data };
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
