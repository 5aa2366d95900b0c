import type { Size } from '../../../boxes/formats.ts';
import { decodeShrunk, type RgbImage } from '../../../image/decode.ts';
import type { ImageStore } from './store.ts';

/** The size that keeps an image's aspect and fits a square; small images stay as they are. */
export function fittingSize({ width, height }: Size, side: number): Size {
  const scale = Math.min(1, side / Math.max(width, height));
  const round = (value: number) => Math.max(1, Math.round(value * scale));
  return { width: round(width), height: round(height) };
}

/**
 * Decodes each image whenever it is asked for.
 */
export class FileStore implements ImageStore {
  readonly #paths: readonly string[];
  readonly #side: number;

  /** @param side longest side that is of use, in pixels */
  constructor(paths: readonly string[], side: number) {
    this.#paths = paths;
    this.#side = side;
  }

  async load(index: number): Promise<RgbImage> {
    const { image } = await decodeShrunk(this.#paths[index]!, (size) => fittingSize(size, this.#side));
    return image;
  }

  async close(): Promise<void> {}
}
