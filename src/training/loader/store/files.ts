import { haveOneAspect } from '../../../boxes/aspect.ts';
import type { Size } from '../../../boxes/formats.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { decodeShrunk, type RgbImage } from '../../../image/decode.ts';
import type { ImageFile, ImageStore } from './store.ts';

/** Largest size that fits into a square, with the same aspect ratio. Small images are not enlarged. */
export function fittingSize({ width, height }: Size, side: number): Size {
  const scale = Math.min(1, side / Math.max(width, height));
  const round = (value: number) => Math.max(1, Math.round(value * scale));
  return { width: round(width), height: round(height) };
}

/** Decodes an image each time it is loaded. */
export class FileStore implements ImageStore {
  readonly #images: readonly ImageFile[];
  readonly #side: number;

  /** @param side longest useful side of an image, in pixels */
  constructor(images: readonly ImageFile[], side: number) {
    this.#images = images;
    this.#side = side;
  }

  async load(index: number): Promise<RgbImage> {
    const recorded = this.#images[index]!;
    const { path } = recorded;
    const { image, original } = await decodeShrunk(path, (size) => fittingSize(size, this.#side));
    if (haveOneAspect(original, recorded)) return image;
    const sizes = [original, recorded].map(({ width, height }) => `${width}×${height}`);
    throw new MicroYoloError(
      'invalid-file',
      `${path}: is ${sizes[0]}, the data says ${sizes[1]}: its boxes would be in the wrong places; "micro-yolo dataset check" lists such images`,
      { path },
    );
  }

  async close(): Promise<void> {}
}
