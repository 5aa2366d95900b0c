import sharp from 'sharp';
import { uniformRandom } from '../../src/foundation/random.ts';

/** A JPEG of 320×240 with soft blobs of color drawn from a seed, similar to a photo. */
export async function madePhoto(seed: number): Promise<Buffer> {
  const random = uniformRandom(seed);
  const data = Uint8Array.from({ length: 8 * 6 * 3 }, () => Math.floor(256 * random()));
  const blobs = sharp(data, { raw: { width: 8, height: 6, channels: 3 } });
  return blobs.resize(320, 240, { kernel: 'cubic', fit: 'fill' }).jpeg({ quality: 90 }).toBuffer();
}
