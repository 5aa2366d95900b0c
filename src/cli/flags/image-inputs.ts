import { dirname } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { readWholeFile } from '../../foundation/files/read.ts';
import { listedImages } from '../../tasks/detect/image-list.ts';
import type { ImageInput } from '../../tasks/detect/named-images.ts';

const STDIN = '-';

async function imageOfStdin(): Promise<ImageInput> {
  const source = await buffer(process.stdin);
  if (source.length > 0) return { name: 'stdin', source };
  throw new MicroYoloError(
    'invalid-file',
    'image -: standard input is empty; pipe the bytes of an image file into it',
  );
}

async function listed(list: string): Promise<readonly string[]> {
  if (list === STDIN) return listedImages(await text(process.stdin), 'of standard input', '.');
  const bytes = await readWholeFile(list, 'a list of images');
  return listedImages(bytes.toString('utf8'), list, dirname(list));
}

/**
 * The images of a command: the named ones, those of the list, and standard input for `-`.
 * @throws MicroYoloError `invalid-argument` if there are none, or if standard input is named twice
 */
export async function imageInputs(
  images: readonly string[],
  list: string | undefined,
): Promise<readonly ImageInput[]> {
  const files = images.filter((image) => image !== STDIN);
  const isPiped = files.length < images.length;
  if (images.length === 0 && list === undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      'no images: expected files, folders, globs, addresses, -, or --list FILE',
    );
  }
  if (images.length - files.length + (list === STDIN ? 1 : 0) > 1) {
    throw new MicroYoloError(
      'invalid-argument',
      '-: standard input can be read only once, but is named twice; name it once',
    );
  }
  return [
    ...files,
    ...(list === undefined ? [] : await listed(list)),
    ...(isPiped ? [await imageOfStdin()] : []),
  ];
}
