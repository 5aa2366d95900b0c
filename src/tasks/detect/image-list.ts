import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { isImageAddress } from '../../image/sources.ts';

async function locate(name: string, folder: string): Promise<string> {
  if (isImageAddress(name)) return name;
  const places = [name, join(folder, name)];
  for (const place of places) {
    try {
      await access(place);
      return place;
    } catch {
      // Perhaps the next.
    }
  }
  return name;
}

/**
 * The paths in a list, one a line. Blank lines mean nothing. Each is relative to the current folder, or if there is no
 * such file to the list's.
 * @param text the list's contents
 * @param name of the list, for messages
 * @param folder of the list
 * @throws MicroYoloError `invalid-file` for a list without paths, or one that is no text
 */
export async function listedImages(text: string, name: string, folder: string): Promise<readonly string[]> {
  if (text.includes('\0')) {
    throw new MicroYoloError('invalid-file', `list ${name}: not text, expected image paths, one per line`);
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const names = lines.map((line) => line.trim()).filter((line) => line !== '');
  if (names.length === 0) {
    throw new MicroYoloError(
      'invalid-file',
      `list ${name}: empty, expected one path per line; check the list`,
    );
  }
  return Promise.all(names.map((path) => locate(path, folder)));
}
