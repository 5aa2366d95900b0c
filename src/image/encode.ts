import { extname } from 'node:path';
import sharp from 'sharp';
import { MicroYoloError } from '../errors.ts';
import { writeWholeFile } from '../files.ts';
import type { RawImage } from './sources.ts';

/** Endings of the pictures that can be written. */
export const PICTURE_EXTENSIONS = ['.png', '.jpg', '.jpeg', '.webp', '.avif'] as const;

export function isPicturePath(path: string): boolean {
  return (PICTURE_EXTENSIONS as readonly string[]).includes(extname(path).toLowerCase());
}

/**
 * Writes pixels (RGB or RGBA) as a picture, atomically; the path's ending chooses the format.
 * @throws MicroYoloError `invalid-argument` for another ending, `not-writable`
 */
export async function writePicture(path: string, { data, width, height }: RawImage): Promise<void> {
  if (!isPicturePath(path)) {
    throw new MicroYoloError(
      'invalid-argument',
      `${path}: no picture's ending, expected ${PICTURE_EXTENSIONS.join(', ')}`,
    );
  }
  const channels = data.length / (width * height) === 3 ? 3 : 4;
  const format = extname(path).toLowerCase().replace('.jpg', '.jpeg').slice(1) as
    | 'png'
    | 'jpeg'
    | 'webp'
    | 'avif';
  const picture = sharp(data, { raw: { width, height, channels } }).removeAlpha();
  const quality = format === 'png' ? {} : { quality: 92 };
  await writeWholeFile(path, await picture.toFormat(format, quality).toBuffer());
}
