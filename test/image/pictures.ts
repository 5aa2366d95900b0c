import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import type { Size, XywhPx } from '../../src/boxes/formats.ts';
import { uniformRandom } from '../../src/foundation/random.ts';
import type { RgbImage } from '../../src/image/decode.ts';

export function fixturePath(name: string): string {
  return join(import.meta.dirname, 'fixtures', name);
}

export function readFixture(name: string): Buffer {
  return readFileSync(fixturePath(name));
}

export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(fixturePath(name), 'utf8')) as T;
}

/** Pixels in the form of the golden files. */
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

/** Random pixels, the same for the same seed: something for a network with random weights to detect. */
export function noisePicture(width: number, height: number, seed = 1): Sharp {
  const random = uniformRandom(seed);
  const data = Uint8Array.from({ length: 3 * width * height }, () => 256 * random());
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** A black image with a white rectangle on whole pixels. */
export function whiteRectangle(width: number, height: number, [x, y, w, h]: XywhPx): RgbImage {
  const data = new Uint8Array(3 * width * height);
  for (let row = y; row < y + h; row++) {
    data.fill(255, 3 * (row * width + x), 3 * (row * width + x + w));
  }
  return { data, width, height };
}

/** The error that a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

/** The storage type of a TIFF's values. */
export interface TiffValues extends Size {
  readonly channels: 1 | 3;
  readonly type: 'uint16' | 'float32';
  readonly values: readonly number[];
}

/** An uncompressed TIFF, encoded here because no library in use writes floats. */
export function tiff({ width, height, channels, type, values }: TiffValues): Buffer {
  const isFloat = type === 'float32';
  const bytes = isFloat ? 4 : 2;
  const pixels = Buffer.alloc(values.length * bytes);
  values.forEach((value, index) => {
    if (isFloat) pixels.writeFloatLE(value, index * bytes);
    else pixels.writeUInt16LE(value, index * bytes);
  });
  const [SHORT, LONG] = [3, 4];
  const entries = 10;
  // Bits and sample format have one value per channel; three values do not fit into their entries.
  const lists = 8 + 2 + 12 * entries + 4;
  const listBytes = 2 * channels;
  const tags = [
    [256, LONG, 1, width],
    [257, LONG, 1, height],
    [258, SHORT, channels, channels === 1 ? 8 * bytes : lists],
    [259, SHORT, 1, 1],
    [262, SHORT, 1, channels === 1 ? 1 : 2],
    [273, LONG, 1, lists + 2 * listBytes],
    [277, SHORT, 1, channels],
    [278, LONG, 1, height],
    [279, LONG, 1, pixels.length],
    [339, SHORT, channels, channels === 1 ? (isFloat ? 3 : 1) : lists + listBytes],
  ] as const;
  const header = Buffer.alloc(lists + 2 * listBytes);
  header.write('II*\0', 'latin1');
  header.writeUInt32LE(8, 4);
  header.writeUInt16LE(entries, 8);
  tags.forEach(([tag, kind, count, value], index) => {
    const at = 10 + 12 * index;
    header.writeUInt16LE(tag, at);
    header.writeUInt16LE(kind, at + 2);
    header.writeUInt32LE(count, at + 4);
    header.writeUInt32LE(value, at + 8);
  });
  for (let channel = 0; channel < channels; channel++) {
    header.writeUInt16LE(8 * bytes, lists + 2 * channel);
    header.writeUInt16LE(isFloat ? 3 : 1, lists + listBytes + 2 * channel);
  }
  return Buffer.concat([header, pixels]);
}
