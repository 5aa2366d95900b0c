import type { RgbImage } from '../../image/decode.ts';

/**
 * An image as it comes back from a JPEG file. The first call loads the codec, so that threads which need none start sooner.
 * @param quality 1–100
 */
export async function jpegNoise(image: RgbImage, quality: number): Promise<RgbImage> {
  const { decodeImage } = await import('../../image/decode.ts');
  const { encodeJpeg } = await import('../../image/encode.ts');
  return decodeImage(await encodeJpeg(image, quality));
}
