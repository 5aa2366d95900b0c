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

/** Whether a name is of a file, and not of an address or of an image in memory. */
export function isFile({ name, source }: NamedImage): boolean {
  return source === name && !isImageAddress(name);
}

/** What a picture of an image is called: the file's name, that at the end of an address, or the name itself. */
export function pictureName({ name }: NamedImage): string {
  if (!isImageAddress(name) || !URL.canParse(name)) return basename(name);
  const { protocol, pathname } = new URL(name);
  return (protocol === 'data:' ? '' : basename(pathname)) || 'image';
}

/**
 * The images that inputs stand for, in their order.
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
    // Images in memory are left.
    if (given.length === 0 || !(error instanceof MicroYoloError)) throw error;
    unusable.push({ image: texts.join(', '), error });
  }
  unusable.forEach(onUnusable);
  return [...paths.map((path) => ({ name: path, source: path })), ...given];
}
