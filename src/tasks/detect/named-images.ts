import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { counted } from '../../foundation/counted.ts';
import { MicroYoloError, printableValue } from '../../foundation/errors/errors.ts';
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

/** Key of an image, the same for different paths to a file. Links count as separate images. */
export function keyOf(image: string, folder: string): string {
  return isImageAddress(image) || isAbsolute(image) ? image : resolve(folder, image);
}

/** File name for the picture of an image: the base name of the file, address or name. */
export function pictureName({ name }: NamedImage): string {
  if (!isImageAddress(name) || !URL.canParse(name)) return basename(name);
  const { protocol, pathname } = new URL(name);
  return (protocol === 'data:' ? '' : basename(pathname)) || 'image';
}

/**
 * Says how many of a folder's images are in subfolders, if others are not: one note per folder. Goes through the paths
 * only once, because a list can name as many inputs as there are images.
 */
function subfolderNotes(texts: readonly string[], paths: readonly string[]): readonly string[] {
  const places = new Map<string, number>();
  for (const path of paths) {
    const place = dirname(resolve(path));
    places.set(place, (places.get(place) ?? 0) + 1);
  }
  const whole = new Map<string, number>();
  for (const [place, count] of places) {
    for (let folder = place; ; folder = dirname(folder)) {
      whole.set(folder, (whole.get(folder) ?? 0) + count);
      if (folder === dirname(folder)) break;
    }
  }
  return texts.flatMap((folder) => {
    const key = resolve(folder);
    const inside = whole.get(key) ?? 0;
    const below = inside - (places.get(key) ?? 0);
    if (below === 0 || below === inside) return [];
    return [`${folder}: ${counted(inside, 'image')}, ${below} of them in subfolders`];
  });
}

function checkInputs(inputs: readonly ImageInput[]): void {
  const fail = (what: string, expected: string, received: unknown) =>
    new MicroYoloError('invalid-argument', `${what} ${printableValue(received)}: expected ${expected}`, {
      field: 'images',
      received,
    });
  if (!Array.isArray(inputs) || inputs.length === 0)
    throw fail('images', 'a list of at least one image', inputs);
  for (const [index, input] of (inputs as readonly unknown[]).entries()) {
    if (typeof input === 'string') continue;
    const isNamed = typeof input === 'object' && input !== null && 'name' in input && 'source' in input;
    if (isNamed && typeof input.name === 'string') continue;
    throw fail(
      `images[${index}]`,
      'a path or address, or { name, source } with a name that is a string',
      input,
    );
  }
}

/**
 * Expands inputs to images: first all paths, then the images in memory.
 * @throws MicroYoloError as `expandImagePaths`, and `invalid-argument` if `inputs` is not a list of images, or empty
 */
export async function nameImages(
  inputs: readonly ImageInput[],
  except: readonly string[],
  onWarning: (message: string) => void,
  onUnusable: (unusable: UnusableImage) => void,
): Promise<readonly NamedImage[]> {
  checkInputs(inputs);
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
  for (const note of subfolderNotes(texts, paths)) onWarning(note);
  return [...paths.map((path) => ({ name: path, source: path })), ...given];
}
