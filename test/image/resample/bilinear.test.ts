import { describe, expect, test } from 'vitest';
import type { RgbImage } from '../../../src/image/decode.ts';
import { resampleBilinear } from '../../../src/image/resample/bilinear.ts';
import { largestDifference, readGolden, unpack } from '../pictures.ts';

type WidthHeight = readonly [width: number, height: number];

const goldens =
  readGolden<readonly { readonly from: WidthHeight; readonly to: WidthHeight; readonly pixels: string }[]>(
    'resized.json',
  );

/** The same noise as in scripts/goldens/images.py. */
function noise([width, height]: WidthHeight): RgbImage {
  let state = (width * 65536 + height) >>> 0;
  const data = Uint8Array.from({ length: 3 * width * height }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
  return { data, width, height };
}

describe('resampleBilinear', () => {
  test.each(
    goldens.map(({ from, to, pixels }) => ({
      from,
      to,
      title: `${from.join('×')} to ${to.join('×')}`,
      pixels,
    })),
  )('$title equals OpenCV byte for byte', ({ from, to: [width, height], pixels }) => {
    const resized = resampleBilinear(noise(from), { width, height });
    expect([resized.width, resized.height]).toEqual([width, height]);
    expect(largestDifference(resized.data, unpack(pixels))).toBe(0);
  });

  test('an image of one color stays that color at any size', () => {
    const image = { data: new Uint8Array(3 * 13 * 7).fill(201), width: 13, height: 7 };
    for (const [width, height] of [
      [5, 3],
      [64, 9],
      [1, 40],
    ] as const) {
      expect([...new Set(resampleBilinear(image, { width, height }).data)]).toEqual([201]);
    }
  });

  test('does not change the input image', () => {
    const image = noise([31, 17]);
    const before = Uint8Array.from(image.data);
    resampleBilinear(image, { width: 20, height: 40 });
    expect(largestDifference(image.data, before)).toBe(0);
  });
});
