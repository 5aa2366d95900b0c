import { decodeImage, type RgbImage } from '../../image/decode.ts';
import { encodeJpeg } from '../../image/encode.ts';

/**
 * An image as it comes back from a JPEG file.
 * @param quality 1–100
 */
export async function jpegNoise(image: RgbImage, quality: number): Promise<RgbImage> {
  return decodeImage(await encodeJpeg(image, quality));
}
