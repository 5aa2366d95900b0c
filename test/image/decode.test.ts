import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Size } from '../../src/boxes/formats.ts';
import { MicroYoloError } from '../../src/foundation/errors/errors.ts';
import { decodeImage, decodeShrunk } from '../../src/image/decode.ts';
import type { ImageSource } from '../../src/image/sources.ts';
import { temporaryFolder } from '../temporary-files.ts';
import {
  fixturePath,
  largestDifference,
  meanDifference,
  readFixture,
  readGolden,
  rejection,
  unpack,
} from './pictures.ts';

interface Expected extends Size {
  readonly pixels: string;
}

const goldens = readGolden<Readonly<Record<string, Expected>>>('decoded.json');
const folder = temporaryFolder();

/**
 * Largest difference in gray levels. Compositing over white, AVIF's colors and the 16 bits of a color TIFF round differently
 * in each library; everything else is equal.
 */
const TOLERANCES: Readonly<Record<string, number>> = {
  'rgba.png': 1,
  'grey-alpha.png': 1,
  'lossless.webp': 1,
  'picture.avif': 1,
  '16-bit.tif': 1,
};

// Pillow converts CMYK by formula; the decoder here uses a printing profile, which is paler.
const exact = Object.entries(goldens).filter(([name]) => name !== 'cmyk.jpg');

describe('decodeImage', () => {
  test.each(exact)('%s has the pixels that Pillow and OpenCV see', async (name, expected) => {
    const image = await decodeImage(fixturePath(name));
    expect([image.width, image.height]).toEqual([expected.width, expected.height]);
    expect(largestDifference(image.data, unpack(expected.pixels))).toBeLessThanOrEqual(TOLERANCES[name] ?? 0);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('shows EXIF orientation %i upright', async (orientation) => {
    const image = await decodeImage(fixturePath(`orientation-${orientation}.jpg`));
    const upright = await decodeImage(fixturePath('upright.png'));
    expect([image.width, image.height]).toEqual([40, 24]);
    expect(meanDifference(image.data, upright.data)).toBeLessThan(2);
  });

  test('shows the colors of a CMYK JPEG, not their negatives', async () => {
    const { data } = await decodeImage(fixturePath('cmyk.jpg'));
    const expected = unpack(goldens['cmyk.jpg']!.pixels);
    expect(meanDifference(data, expected)).toBeLessThan(30);
    const negative = data.map((value) => 255 - value);
    expect(meanDifference(negative, expected)).toBeGreaterThan(80);
  });

  test('decodes bytes in memory like the file they come from', async () => {
    const fromBytes = await decodeImage(new Uint8Array(readFixture('orientation-6.jpg')));
    expect(fromBytes).toEqual(await decodeImage(fixturePath('orientation-6.jpg')));
  });

  test('reads bytes at an offset in a larger buffer from that offset', async () => {
    const bytes = readFixture('upright.png');
    const larger = new Uint8Array(bytes.length + 20);
    larger.set(bytes, 7);
    const image = await decodeImage(larger.subarray(7, 7 + bytes.length));
    expect(largestDifference(image.data, unpack(goldens['upright.png']!.pixels))).toBe(0);
  });

  test('reads a file by its contents, whatever its extension', async () => {
    await writeFile(join(folder, 'really-a-png.jpg'), readFixture('upright.png'));
    expect((await decodeImage(join(folder, 'really-a-png.jpg'))).width).toBe(40);
  });
});

describe('decodeImage of pixels', () => {
  test('keeps RGB pixels unchanged', async () => {
    const data = Uint8Array.from({ length: 18 }, (_, index) => 14 * index);
    const image = await decodeImage({ data, width: 3, height: 2 });
    expect([image.width, image.height, ...image.data]).toEqual([3, 2, ...data]);
  });

  test('composites RGBA pixels over white', async () => {
    const data = new Uint8ClampedArray([10, 20, 30, 255, 10, 20, 30, 0]);
    const image = await decodeImage({ data, width: 2, height: 1 });
    expect([...image.data]).toEqual([10, 20, 30, 255, 255, 255]);
  });

  test('reads pixels at an offset in a larger buffer from that offset', async () => {
    const larger = Uint8Array.from([9, 9, 1, 2, 3, 4, 5, 6, 9]);
    const image = await decodeImage({ data: larger.subarray(2, 8), width: 2, height: 1 });
    expect([...image.data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test.each([
    [7, 2, 1],
    [2, 2, 1],
    [0, 0, 0],
    [6, 0, 2],
    [15, 2, 1],
  ])('%i values for %i×%i pixels are refused', async (length, width, height) => {
    const error = await rejection(decodeImage({ data: new Uint8Array(length), width, height }));
    expect(error).toBeInstanceOf(MicroYoloError);
    expect(error.message).toBe(
      `pixels (${width}×${height}): ${length} values, expected width × height × 3 (RGB) or 4 (RGBA)`,
    );
  });
});

describe('decodeShrunk', () => {
  test('shrinks to the requested sides, and never enlarges', async () => {
    const { image, original } = await decodeShrunk(fixturePath('orientation-6.jpg'), () => ({
      width: 80,
      height: 12,
    }));
    expect([image.width, image.height]).toEqual([40, 12]);
    expect(original).toEqual({ width: 40, height: 24 });
  });

  test.each(exact)('%s at its own size equals the fully decoded image', async (name) => {
    const whole = await decodeImage(fixturePath(name));
    const { image, original } = await decodeShrunk(fixturePath(name), (size) => size);
    expect(original).toEqual({ width: whole.width, height: whole.height });
    expect(largestDifference(image.data, whole.data)).toBe(0);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'shows EXIF orientation %i upright when shrunk',
    async (orientation) => {
      const { image } = await decodeShrunk(fixturePath(`orientation-${orientation}.jpg`), () => ({
        width: 10,
        height: 6,
      }));
      const upright = await decodeShrunk(fixturePath('upright.png'), () => ({ width: 10, height: 6 }));
      expect([image.width, image.height]).toEqual([10, 6]);
      // A JPEG is shrunk during decoding, so it averages other pixels than a PNG.
      expect(meanDifference(image.data, upright.image.data)).toBeLessThan(5);
    },
  );
});

/** Inputs that are not images: a description, the source, and what the message must contain. */
const invalid: readonly (readonly [what: string, make: () => Promise<ImageSource>, message: RegExp])[] = [
  [
    'text named .jpg',
    async () => {
      await writeFile(join(folder, 'text.jpg'), 'This is no picture.\n');
      return join(folder, 'text.jpg');
    },
    /text\.jpg: cannot be decoded \(its first bytes are not those of an image\); expected a whole JPEG/,
  ],
  [
    'a drawing named .jpg',
    async () => {
      await writeFile(
        join(folder, 'drawing.jpg'),
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
      );
      return join(folder, 'drawing.jpg');
    },
    /drawing\.jpg: cannot be decoded \(its first bytes are not those of an image\); expected a whole JPEG/,
  ],
  [
    'an empty file',
    async () => {
      await writeFile(join(folder, 'empty.jpg'), '');
      return join(folder, 'empty.jpg');
    },
    /empty\.jpg: is empty; expected a whole JPEG/,
  ],
  ['no bytes', async () => new Uint8Array(0), /^image in memory: is empty; expected a whole JPEG/],
  ['a folder', async () => join(folder, '.'), /: is a folder, expected an image; name a file/],
];
const FORMATS = [
  'orientation-1.jpg',
  'progressive.jpg',
  'upright.png',
  'lossy.webp',
  'palette-transparent.gif',
  'picture.avif',
  'lzw.tif',
];
const decoders = {
  decodeImage,
  decodeShrunk: (source: ImageSource, options = {}) =>
    decodeShrunk(source, () => ({ width: 5, height: 3 }), options),
};

describe.each(Object.entries(decoders))('%s of something that is not an image', (_, decode) => {
  test.each(invalid)('%s is refused in one line', async (_what, make, message) => {
    const error = await rejection(decode(await make()));
    expect(error).toBeInstanceOf(MicroYoloError);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
  });

  test.each(FORMATS)('%s cut in half is refused in one line', async (name) => {
    const bytes = readFixture(name);
    const error = await rejection(decode(bytes.subarray(0, bytes.length / 2)));
    expect(error).toMatchObject({ name: 'MicroYoloError', code: 'invalid-file' });
    expect(error.message).toMatch(/^image in memory: cannot be decoded \(.+\); expected a whole JPEG/);
    expect(error.message).not.toContain('\n');
  });

  test('a misspelled path is refused with the nearest name', async () => {
    await writeFile(join(folder, 'holiday.png'), readFixture('upright.png'));
    const error = await rejection(decode(join(folder, 'holidy.png')));
    expect(error).toMatchObject({ name: 'MicroYoloError', code: 'not-found' });
    expect(error.message).toBe(
      `${join(folder, 'holidy.png')}: no such file, expected an image; did you mean ${join(folder, 'holiday.png')}?`,
    );
  });

  test('refuses an image over the pixel limit', async () => {
    const error = await rejection(decode(fixturePath('upright.png'), { maxPixels: 40 * 24 - 1 }));
    expect(error).toMatchObject({ name: 'MicroYoloError', code: 'invalid-file' });
    expect(error.message).toMatch(/upright\.png: more than 959 pixels; shrink the image, or raise maxPixels/);
  });

  test('refuses pixels over the pixel limit', async () => {
    const raw = { data: new Uint8Array(3 * 40 * 24), width: 40, height: 24 };
    const error = await rejection(decode(raw, { maxPixels: 40 * 24 - 1 }));
    expect(error.message).toMatch(
      /^pixels \(40×24\): more than 959 pixels; shrink the image, or raise maxPixels/,
    );
  });

  test('decodes an image at exactly the pixel limit', async () => {
    await expect(decode(fixturePath('upright.png'), { maxPixels: 40 * 24 })).resolves.toBeDefined();
  });
});
