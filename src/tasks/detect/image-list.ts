import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { isImageAddress } from '../../image/sources.ts';

async function locate(line: string, folder: string): Promise<string> {
  const name = line.trim();
  if (isImageAddress(name)) return name;
  // A file name may begin or end with spaces.
  const names = [...new Set([line, name])];
  const places = names.flatMap((path) => [path, join(folder, path)]);
  for (const place of places) {
    try {
      await access(place);
      return place;
    } catch {
      // Tries the next place.
    }
  }
  return name;
}

/**
 * Reads the paths in a list, one per line. Blank lines are ignored. So are spaces around a path, unless a file has a name
 * with them. A path is relative to the current folder, or to the
 * list's folder if the file does not exist there.
 * @param text contents of the list
 * @param name name of the list, for messages
 * @param folder folder of the list
 * @throws MicroYoloError `invalid-file` if the list has no paths or is not text
 */
export async function listedImages(text: string, name: string, folder: string): Promise<readonly string[]> {
  if (text.includes('\0')) {
    throw new MicroYoloError('invalid-file', `list ${name}: not text, expected image paths, one per line`);
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const names = lines.filter((line) => line.trim() !== '');
  if (names.length === 0) {
    throw new MicroYoloError(
      'invalid-file',
      `list ${name}: empty, expected one path per line; check the list`,
    );
  }
  return Promise.all(names.map((path) => locate(path, folder)));
}
