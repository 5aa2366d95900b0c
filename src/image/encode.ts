import { dirname, extname } from 'node:path';
import sharp from 'sharp';
import { checkChoice, checkRange } from '../foundation/errors/check-range.ts';
import { MicroYoloError } from '../foundation/errors/errors.ts';
import { makeFolder } from '../foundation/files/folders.ts';
import { writeWholeFile } from '../foundation/files/write.ts';
import { channelsOf, type RawImage } from './sources.ts';

/** File extensions of images that can be written. */
export const PICTURE_EXTENSIONS = ['.png', '.jpg', '.jpeg', '.webp', '.avif'] as const;

export function isPicturePath(path: string): boolean {
  return (PICTURE_EXTENSIONS as readonly string[]).includes(extname(path).toLowerCase());
}

/** @throws MicroYoloError `invalid-argument` for an unsupported extension */
export function checkPicturePath(path: string): void {
  if (isPicturePath(path)) return;
  throw new MicroYoloError(
    'invalid-argument',
    `${path}: not an image extension, expected ${PICTURE_EXTENSIONS.join(', ')}`,
  );
}

const FORMATS: readonly PictureFormat[] = ['png', 'jpeg', 'webp', 'avif'];

/** Formats of images that can be encoded. */
export type PictureFormat = 'png' | 'jpeg' | 'webp' | 'avif';

/** Quality of JPEG, WebP and AVIF, 1–100. */
const QUALITY = 92;

/**
 * Encodes pixels (RGB, or RGBA over white) as the bytes of an image file. A canvas's `getImageData` is accepted.
 * @param quality of JPEG, WebP and AVIF, 1–100
 * @throws MicroYoloError `invalid-argument` for an unknown format, a quality out of range, a wrong number of pixels, or
 *   more pixels than the format allows
 */
export async function encodePicture(
  image: RawImage,
  format: PictureFormat,
  quality = QUALITY,
): Promise<Buffer> {
  checkChoice('format', format, FORMATS);
  checkRange('quality', quality, 1, 100, true);
  const { data, width, height } = image;
  for (const [name, side] of Object.entries({ width, height }))
    checkRange(name, side, 1, Number.MAX_SAFE_INTEGER, true);
  const raw = { width, height, channels: channelsOf(image) };
  const picture = sharp(data, { raw }).flatten({ background: '#ffffff' });
  return picture
    .toFormat(format, format === 'png' ? {} : { quality })
    .toBuffer()
    .catch((error: Error) => {
      throw new MicroYoloError(
        'invalid-argument',
        `${width}×${height} pixels cannot be encoded as ${format} (${error.message.split('\n')[0]}); try png`,
      );
    });
}

/**
 * Writes pixels (RGB, or RGBA over white) to an image file, atomically. Missing folders are created. The path's
 * extension sets the format.
 * @throws MicroYoloError `invalid-argument` for an unknown extension, a wrong number of pixels, or more pixels than the
 *   format allows; `not-writable`
 */
export async function writePicture(path: string, image: RawImage): Promise<void> {
  checkPicturePath(path);
  const format = extname(path).toLowerCase().replace('.jpg', '.jpeg').slice(1) as PictureFormat;
  const encoded = await encodePicture(image, format);
  await makeFolder(dirname(path));
  await writeWholeFile(path, encoded);
}
