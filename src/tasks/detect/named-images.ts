import { basename, dirname, resolve, sep } from 'node:path';
import { counted } from '../../foundation/counted.ts';
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

const isInside = (path: string, folder: string) =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);

/** Says how many of a folder's images are in subfolders, if others are not. */
function subfolderNote(folder: string, paths: readonly string[]): string | undefined {
  const whole = resolve(folder);
  const inside = paths.map((path) => dirname(resolve(path))).filter((place) => isInside(place, whole));
  const below = inside.filter((place) => place !== whole).length;
  if (below === 0 || below === inside.length) return undefined;
  return `${folder}: ${counted(inside.length, 'image')}, ${below} of them in subfolders`;
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
  for (const text of texts) {
    const note = subfolderNote(text, paths);
    if (note !== undefined) onWarning(note);
  }
  return [...paths.map((path) => ({ name: path, source: path })), ...given];
}
