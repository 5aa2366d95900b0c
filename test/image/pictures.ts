import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import type { XywhPx } from '../../src/boxes/formats.ts';
import type { RgbImage } from '../../src/image/decode.ts';
import { uniformRandom } from '../../src/random.ts';

export function fixturePath(name: string): string {
  return join(import.meta.dirname, 'fixtures', name);
}

export function readFixture(name: string): Buffer {
  return readFileSync(fixturePath(name));
}

export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(fixturePath(name), 'utf8')) as T;
}

/** Pixels as the golden files hold them. */
export function unpack(pixels: string): Uint8Array {
  return Uint8Array.from(inflateSync(Buffer.from(pixels, 'base64')));
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} values against ${b.length}`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}

export function meanDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} values against ${b.length}`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}

/** Pixels at random, the same for a seed: something for a network of random weights to find. */
export function noisePicture(width: number, height: number, seed = 1): Sharp {
  const random = uniformRandom(seed);
  const data = Uint8Array.from({ length: 3 * width * height }, () => 256 * random());
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** A black image with a white rectangle, which lies on whole pixels. */
export function whiteRectangle(width: number, height: number, [x, y, w, h]: XywhPx): RgbImage {
  const data = new Uint8Array(3 * width * height);
  for (let row = y; row < y + h; row++) {
    data.fill(255, 3 * (row * width + x), 3 * (row * width + x + w));
  }
  return { data, width, height };
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
