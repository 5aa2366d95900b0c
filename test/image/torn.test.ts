import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodeImage, decodeShrunk } from '../../src/image/decode.ts';
import { largestDifference, noisePicture, rejection } from './pictures.ts';

const picture = () => noisePicture(160, 120);
const without = (bytes: Buffer, count: number) => bytes.subarray(0, bytes.length - count);

describe('an image without its last bytes', () => {
  test.each([
    ['a JPEG', () => picture().jpeg().toBuffer()],
    ['a progressive JPEG', () => picture().jpeg({ progressive: true }).toBuffer()],
    ['a gray JPEG', () => picture().grayscale().jpeg().toBuffer()],
    [
      'a JPEG of one color',
      () =>
        sharp(Buffer.alloc(3 * 160 * 120, 200), { raw: { width: 160, height: 120, channels: 3 } })
          .jpeg()
          .toBuffer(),
    ],
    ['a rotated JPEG', () => picture().jpeg().withMetadata({ orientation: 6 }).toBuffer()],
  ])('%s without its end marker has all its pixels, and a note', async (_, make) => {
    const bytes = await make();
    const torn = await decodeImage(without(bytes, 2));
    const whole = await decodeImage(bytes);
    expect(largestDifference(torn.data, whole.data)).toBe(0);
    expect(whole.note).toBeUndefined();
    expect(torn.note?.kind).toBe('torn');
    expect(torn.note?.message).toMatch(
      /^the file is truncated, .+; it is used anyway, but download it again$/,
    );
  });

  test('a PNG truncated in its last pixels is used with a note', async () => {
    const bytes = await noisePicture(300, 400).png().toBuffer();
    const { note, height } = await decodeImage(without(bytes, 600));
    expect(height).toBe(400);
    expect(note?.message).toMatch(/about \d+ of 400 lines are missing/);
  });

  test('a truncated image also has its note when shrunk', async () => {
    const bytes = without(await picture().jpeg().toBuffer(), 10);
    const { image } = await decodeShrunk(bytes, () => ({ width: 40, height: 30 }));
    expect([image.width, image.height, image.note?.kind]).toEqual([40, 30, 'torn']);
  });
});

describe('refuses an image without more than its last few lines', () => {
  test.each([
    ['a JPEG', () => picture().jpeg().toBuffer()],
    ['a progressive JPEG', () => picture().jpeg({ progressive: true }).toBuffer()],
    ['a PNG', () => picture().png().toBuffer()],
  ])('%s', async (_, make) => {
    const bytes = await make();
    const error = await rejection(decodeImage(bytes.subarray(0, bytes.length / 3)));
    expect(error).toMatchObject({ name: 'MicroYoloError', code: 'invalid-file' });
  });
});
