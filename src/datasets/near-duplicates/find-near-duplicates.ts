import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { mapParallel } from '../../foundation/parallel.ts';
import { decodeShrunk } from '../../image/decode.ts';
import { type PerceptualHash, perceptualHash } from '../../image/perceptual-hash.ts';
import type { ImageSource } from '../../image/sources.ts';
import type { Dataset } from '../dataset.ts';
import { imageSource } from '../image-path.ts';
import { groupNearDuplicates } from './near-duplicates.ts';

const OPEN_FILES = 8;

/** All that the hash needs: JPEGs are decoded at a fraction of their size. */
const HASHED_SIZE = { width: 72, height: 64 } as const;

/** Options for finding near-identical images. */
export interface FindNearDuplicatesOptions {
  /** Called after each image, with the error if it cannot be read. */
  readonly onImage?: ((fileName: string, problem: MicroYoloError | undefined) => void) | undefined;
}

/** The hash of an image, or why it cannot be read. */
async function hashImage(source: ImageSource): Promise<PerceptualHash | MicroYoloError> {
  try {
    return perceptualHash((await decodeShrunk(source, () => HASHED_SIZE)).image);
  } catch (error) {
    if (error instanceof MicroYoloError) return error;
    throw error;
  }
}

/** The hashes of a data set's images, in their order; `undefined` for those that cannot be read. */
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
 * Reads the images of a data set and finds near-identical ones: a recompressed or resized copy, or successive frames
 * of a video.
 * @returns for each image, in their order, the index in `dataset.images` of the first image of its group. It is the
 * image's own index if it is alone or cannot be read
 */
export async function findNearDuplicates(
  dataset: Dataset,
  options: FindNearDuplicatesOptions = {},
): Promise<Int32Array> {
  return groupNearDuplicates(await hashImages(dataset, options));
}
