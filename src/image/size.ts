import { access } from 'node:fs/promises';
import sharp from 'sharp';
import type { Size } from '../boxes/formats.ts';
import { MicroYoloError, systemErrorCode } from '../foundation/errors/errors.ts';
import { unreadable } from '../foundation/files/read.ts';

/**
 * Size of the upright image of a file, from its header.
 * @throws MicroYoloError `not-found`, or `invalid-file` where it is no image
 */
export async function readImageSize(path: string): Promise<Size> {
  try {
    await access(path);
  } catch (error) {
    throw await unreadable(path, 'an image', error);
  }
  try {
    const { autoOrient } = await sharp(path).metadata();
    return { width: autoOrient.width, height: autoOrient.height };
  } catch (error) {
    const [reason = ''] = String(error instanceof Error ? error.message : error).split('\n');
    const why = systemErrorCode(error) ?? reason.trim();
    throw new MicroYoloError(
      'invalid-file',
      `${path}: cannot be decoded (${why}); expected a JPEG, PNG, WebP, GIF, AVIF or TIFF image`,
      { path },
    );
  }
}
