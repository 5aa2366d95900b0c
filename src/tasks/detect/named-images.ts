import { basename } from 'node:path';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { expandImagePaths, type UnusableImage } from '../../image/expand-paths.ts';
import { type ImageSource, isImageAddress } from '../../image/sources.ts';

/** An image in memory, with a name for messages and results. */
export interface NamedImage {
  /** Name for messages and results. */
  readonly name: string;
  /** The image. */
  readonly source: ImageSource;
}

/** An image to process: a file, folder, glob or address as a string, or a named image. */
export type ImageInput = string | NamedImage;

/** Whether an image is a file, not an address or an image in memory. */
export function isFile({ name, source }: NamedImage): boolean {
  return source === name && !isImageAddress(name);
}

/** File name for the picture of an image: the base name of the file, address or name. */
export function pictureName({ name }: NamedImage): string {
  if (!isImageAddress(name) || !URL.canParse(name)) return basename(name);
  const { protocol, pathname } = new URL(name);
  return (protocol === 'data:' ? '' : basename(pathname)) || 'image';
}

/**
 * Expands inputs to images: first all paths, then the images in memory.
 * @throws MicroYoloError as `expandImagePaths`
 */
export async function nameImages(
  inputs: readonly ImageInput[],
  except: readonly string[],
  onWarning: (message: string) => void,
  onUnusable: (unusable: UnusableImage) => void,
): Promise<readonly NamedImage[]> {
  const texts = inputs.filter((input) => typeof input === 'string');
  const given = inputs.filter((input) => typeof input !== 'string');
  const unusable: UnusableImage[] = [];
  let paths: readonly string[] = [];
  try {
    paths = await expandImagePaths(texts, except, onWarning, (one) => unusable.push(one));
  } catch (error) {
    // Images in memory can still be processed.
    if (given.length === 0 || !(error instanceof MicroYoloError)) throw error;
    unusable.push({ image: texts.join(', '), error });
  }
  unusable.forEach(onUnusable);
  return [...paths.map((path) => ({ name: path, source: path })), ...given];
}
