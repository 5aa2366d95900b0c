import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { option } from '../../../foundation/errors/named-options.ts';
import { commonFolder, isFolder } from '../../../foundation/files/folders.ts';
import { fileMatcher } from '../../../foundation/files/overwrites.ts';
import { isPicturePath, PICTURE_EXTENSIONS } from '../../../image/encode.ts';
import { isImagePath } from '../../../image/sources.ts';
import { isFile, keyOf, type NamedImage, pictureName } from '../named-images.ts';

/** Path of each image relative to the common folder of all. Output files keep this path in their own folder. */
export function placesBelowRoot(images: readonly NamedImage[]): (image: NamedImage) => string {
  const files = images.filter(isFile);
  const root = files.length > 0 ? commonFolder(files.map(({ name }) => name)) : '';
  return (image) => {
    const folder = isFile(image) ? relative(root, dirname(resolve(image.name))) : '';
    return join(folder, pictureName(image));
  };
}

/**
 * Assigns an output path to each image.
 * @param what the output, for messages: `the picture`
 * @throws MicroYoloError `invalid-argument` if two images would get one path
 */
export function pathsOfImages(
  images: readonly NamedImage[],
  pathOf: (image: NamedImage) => string,
  name: string,
  what: string,
): ReadonlyMap<NamedImage, string> {
  const owners = new Map<string, NamedImage>();
  for (const image of images) {
    const path = pathOf(image);
    const owner = owners.get(path);
    if (owner !== undefined) {
      throw new MicroYoloError(
        'invalid-argument',
        `${option(name)} ${path}: ${what} of both ${owner.name} and ${image.name}; rename one, or detect in separate runs`,
        { field: name, received: path },
      );
    }
    owners.set(path, image);
  }
  return new Map([...owners].map(([path, image]) => [image, path]));
}

/**
 * Assigns a name in a COCO file to each image: its path below the common folder, with forward slashes.
 * @returns the name of an image, for any path to it
 * @throws MicroYoloError `invalid-argument` if two images would get one name
 */
export function cocoNames(images: readonly NamedImage[]): (image: string) => string {
  const places = pathsOfImages(images, placesBelowRoot(images), 'coco', 'the name');
  const names = new Map([...places].map(([{ name }, place]) => [keyOf(name, process.cwd()), place]));
  return (image) => {
    const name = names.get(keyOf(image, process.cwd())) ?? image;
    return sep === '\\' ? name.replaceAll(sep, '/') : name;
  };
}

/** A path without its extension. */
export function stemOf(path: string): string {
  return path.slice(0, path.length - extname(path).length);
}

/** @throws MicroYoloError `invalid-argument` if a picture would overwrite an input image */
async function refuseImages(pictures: ReadonlyMap<NamedImage, string>): Promise<void> {
  const files = [...pictures.keys()].filter(isFile);
  const isImageRead = await fileMatcher(files.map(({ name }) => name));
  for (const picture of pictures.values()) {
    if (await isImageRead(picture)) {
      throw new MicroYoloError(
        'invalid-argument',
        `out ${picture}: would overwrite the image itself; choose another folder or file`,
        { field: 'out', received: picture },
      );
    }
  }
}

/**
 * Assigns the path of its drawn picture to each image. Keeps subfolders. Formats that cannot be written become PNG.
 * @param out a folder, or for a single image an image file
 * @throws MicroYoloError `invalid-argument` if two images would share a picture, or the format cannot be written
 */
export async function picturePaths(
  images: readonly NamedImage[],
  out: string,
): Promise<ReadonlyMap<NamedImage, string>> {
  if (!isPicturePath(out) && isImagePath(out) && !(await isFolder(out))) {
    throw new MicroYoloError(
      'invalid-argument',
      `out ${out}: not an image format, expected ${PICTURE_EXTENSIONS.join(', ')}, or a folder`,
      { field: 'out', received: out },
    );
  }
  if (isPicturePath(out) && images.length !== 1) {
    throw new MicroYoloError(
      'invalid-argument',
      `out ${out}: one file, but ${images.length} images; pass a folder`,
      { field: 'out', received: out },
    );
  }
  const place = placesBelowRoot(images);
  const inFolder = (image: NamedImage) => {
    const own = place(image);
    return join(out, isPicturePath(own) ? own : `${own}.png`);
  };
  const paths = isPicturePath(out)
    ? new Map([[images[0]!, out]])
    : pathsOfImages(images, inFolder, 'out', 'the picture');
  await refuseImages(paths);
  return paths;
}
