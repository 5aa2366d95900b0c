import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { mapParallel } from '../../foundation/parallel.ts';
import { decodeShrunk } from '../../image/decode.ts';
import { type PerceptualHash, perceptualHash } from '../../image/perceptual-hash.ts';
import type { ImageSource } from '../../image/sources.ts';
import type { Dataset } from '../dataset.ts';
import { imageSource } from '../image-path.ts';
import { groupNearDuplicates } from './near-duplicates.ts';

const OPEN_FILES = 8;

/** The hash needs no more pixels, so JPEGs are decoded at reduced size. */
const HASHED_SIZE = { width: 72, height: 64 } as const;

/** Options for finding near-identical images. */
export interface FindNearDuplicatesOptions {
  /** Called after each image, with the error if it cannot be read. */
  readonly onImage?: ((fileName: string, problem: MicroYoloError | undefined) => void) | undefined;
}

/** Hash of an image, or the error if it cannot be read. */
async function hashImage(source: ImageSource): Promise<PerceptualHash | MicroYoloError> {
  try {
    return perceptualHash((await decodeShrunk(source, () => HASHED_SIZE)).image);
  } catch (error) {
    if (error instanceof MicroYoloError) return error;
    throw error;
  }
}

/** Hashes of a data set's images, in the same order; `undefined` for unreadable images. */
export function hashImages(
  dataset: Dataset,
  { onImage }: FindNearDuplicatesOptions = {},
): Promise<readonly (PerceptualHash | undefined)[]> {
  return mapParallel(dataset.images, OPEN_FILES, async (image) => {
    const hash = await hashImage(imageSource(dataset, image));
    const problem = hash instanceof MicroYoloError ? hash : undefined;
    onImage?.(image.fileName, problem);
    return hash instanceof MicroYoloError ? undefined : hash;
  });
}

/**
 * Reads the images of a data set and finds near-identical ones, such as recompressed or resized copies, or successive
 * frames of a video.
 * @returns for each image, the index in `dataset.images` of the first image of its group. It is the image's own index
 * if the image is alone or cannot be read
 */
export async function findNearDuplicates(
  dataset: Dataset,
  options: FindNearDuplicatesOptions = {},
): Promise<Int32Array> {
  return groupNearDuplicates(await hashImages(dataset, options));
}
