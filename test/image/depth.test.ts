import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodeImage, decodeShrunk } from '../../src/image/decode.ts';
import { type TiffValues, tiff } from './pictures.ts';

/** A ramp from black to `white` in 64 pixels. */
const ramp = (white: number) => Array.from({ length: 64 }, (_, index) => (white * index) / 63);
const gray = { width: 64, height: 1, channels: 1 } as const;
const color = (values: readonly number[]) => values.flatMap((value) => [value, value, value]);
const EXPECTED = color(ramp(255));

async function expectRamp(bytes: Uint8Array, white = 1): Promise<string | undefined> {
  const { data, note } = await decodeImage(bytes);
  const off = [...data].map((value, index) => Math.abs(value - white * EXPECTED[index]!));
  expect(Math.max(...off)).toBeLessThanOrEqual(1);
  return note?.message;
}

describe('values of 16 bits', () => {
  test.each([
    [255, 8],
    [1023, 10],
    [4095, 12],
    [16_383, 14],
  ])('that never exceed %i are read as %i bits, and the note says so', async (white, bits) => {
    const values = ramp(white).map(Math.round);
    for (const image of [
      tiff({ ...gray, type: 'uint16', values }),
      tiff({ ...gray, channels: 3, type: 'uint16', values: color(values) }),
    ]) {
      const note = await expectRamp(image);
      expect(note).toBe(`values in 16 bits go up to ${white}: read as ${bits} bits, white is ${white}`);
    }
  });

  test('in a PNG are scaled in the same way', async () => {
    const values = Uint16Array.from(ramp(4095));
    const png = await sharp(values, { raw: { width: 64, height: 1, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    expect(await expectRamp(png)).toMatch(/read as 12 bits/);
  });

  test('that use all bits are unchanged, without a note', async () => {
    const values = ramp(65_535).map(Math.round);
    expect(await expectRamp(tiff({ ...gray, type: 'uint16', values }))).toBeUndefined();
  });

  test('that are all 0 are black, without a note', async () => {
    const { data, note } = await decodeImage(tiff({ ...gray, type: 'uint16', values: ramp(0) }));
    expect([Math.max(...data), note]).toEqual([0, undefined]);
  });

  test('are shrunk on the same scale', async () => {
    const values = Array.from({ length: 64 }, () => 4095);
    const small = await decodeShrunk(tiff({ ...gray, type: 'uint16', values }), () => ({
      width: 8,
      height: 1,
    }));
    expect([...small.image.data]).toEqual(Array.from({ length: 24 }, () => 255));
    expect(small.image.note?.kind).toBe('depth');
  });
});

describe('floats', () => {
  const shapes: readonly Pick<TiffValues, 'channels'>[] = [{ channels: 1 }, { channels: 3 }];
  const floats = (channels: 1 | 3, values: readonly number[]) =>
    tiff({ ...gray, channels, type: 'float32', values: channels === 1 ? values : color(values) });

  test.each(shapes)('from 0 to 1 in $channels channels have a white of 1', async ({ channels }) => {
    expect(await expectRamp(floats(channels, ramp(1)))).toBeUndefined();
  });

  test.each(shapes)('from 0 to 255 in $channels channels have a white of 255', async ({ channels }) => {
    expect(await expectRamp(floats(channels, ramp(255)))).toBeUndefined();
  });

  test.each(shapes)(
    'from 0 to 4095 in $channels channels have a white of 4095, and the note says so',
    async ({ channels }) => {
      expect(await expectRamp(floats(channels, ramp(4095)))).toMatch(
        /^values in floats go up to 4095: read as 12 bits/,
      );
    },
  );

  test('that are negative, infinite or NaN are black', async () => {
    const values = [Number.NaN, -1, Number.NEGATIVE_INFINITY, ...ramp(1).slice(3)];
    const { data } = await decodeImage(floats(1, values));
    expect([...data.subarray(0, 9)]).toEqual(Array.from({ length: 9 }, () => 0));
    expect(data.at(-1)).toBe(255);
  });
});
