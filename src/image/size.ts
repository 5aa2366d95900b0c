import sharp from 'sharp';
import type { Size } from '../boxes/formats.ts';
import { MicroYoloError, systemErrorCode } from '../foundation/errors/errors.ts';
import { checkEnds, unreadable } from '../foundation/files/read.ts';

/**
 * Reads the size of the upright image from a file's header.
 * @throws MicroYoloError `not-found`, or `invalid-file` if it is not an image
 */
export async function readImageSize(path: string): Promise<Size> {
  try {
    await checkEnds(path, 'an image');
  } catch (error) {
    throw error instanceof MicroYoloError ? error : await unreadable(path, 'an image', error);
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
