import type { RgbImage } from '../../image/decode.ts';

/**
 * Adds JPEG artifacts by encoding and decoding. The codec is loaded on the first call, so that threads without it start
 * faster.
 * @param quality JPEG quality, 1–100
 */
export async function jpegNoise(image: RgbImage, quality: number): Promise<RgbImage> {
  const { decodeImage } = await import('../../image/decode.ts');
  const { encodePicture } = await import('../../image/encode.ts');
  return decodeImage(await encodePicture(image, 'jpeg', quality));
}
