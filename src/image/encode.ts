import { extname } from 'node:path';
import sharp from 'sharp';
import { MicroYoloError } from '../foundation/errors/errors.ts';
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

/**
 * Writes pixels (RGB, or RGBA over white) to an image file, atomically. The path's extension sets the format.
 * @throws MicroYoloError `invalid-argument` for an unknown extension, a wrong number of pixels, or more pixels than the
 *   format allows; `not-writable`
 */
export async function writePicture(path: string, image: RawImage): Promise<void> {
  checkPicturePath(path);
  const { data, width, height } = image;
  const raw = { width, height, channels: channelsOf(image) };
  const format = extname(path).toLowerCase().replace('.jpg', '.jpeg').slice(1) as
    | 'png'
    | 'jpeg'
    | 'webp'
    | 'avif';
  const quality = format === 'png' ? {} : { quality: 92 };
  const picture = sharp(data, { raw }).flatten({ background: '#ffffff' }).toFormat(format, quality);
  const encoded = await picture.toBuffer().catch((error: Error) => {
    throw new MicroYoloError(
      'invalid-argument',
      `${path}: ${width}×${height} pixels cannot be encoded (${error.message.split('\n')[0]}); try .png`,
    );
  });
  await writeWholeFile(path, encoded);
}

/**
 * Encodes pixels as a JPEG file.
 * @param quality 1–100
 */
export function encodeJpeg(image: RawImage, quality: number): Promise<Buffer> {
  const { data, width, height } = image;
  return sharp(data, { raw: { width, height, channels: channelsOf(image) } })
    .jpeg({ quality })
    .toBuffer();
}
