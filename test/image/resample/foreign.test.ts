import { expect, test } from 'vitest';
import type { RgbImage } from '../../../src/image/decode.ts';
import { resampleAntialiased } from '../../../src/image/resample/antialiased.ts';
import { resampleBicubic } from '../../../src/image/resample/bicubic.ts';
import { largestDifference, readGolden, unpack } from '../pictures.ts';

type WidthHeight = readonly [width: number, height: number];
type Goldens = readonly { readonly from: WidthHeight; readonly to: WidthHeight; readonly pixels: string }[];

/** The same noise as in scripts/goldens/images.py. */
function noise([width, height]: WidthHeight): RgbImage {
  let state = (width * 65536 + height) >>> 0;
  const data = Uint8Array.from({ length: 3 * width * height }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
  return { data, width, height };
}

test.each(readGolden<Goldens>('antialiased.json'))(
  'antialiased, $from to $to is within one gray level of Pillow',
  ({ from, to: [width, height], pixels }) => {
    const { data } = resampleAntialiased(noise(from), { width, height });
    expect(largestDifference(data, unpack(pixels))).toBeLessThanOrEqual(1);
  },
);

test.each(readGolden<Goldens>('bicubic.json'))(
  'bicubic, $from to $to equals OpenCV, except for ties, which differ by one level',
  ({ from, to: [width, height], pixels }) => {
    const { data } = resampleBicubic(noise(from), { width, height });
    const golden = unpack(pixels);
    expect(largestDifference(data, golden)).toBeLessThanOrEqual(1);
    // For small images, OpenCV uses separate code with other rounding.
    const allowed = Math.min(...from) < 4 ? data.length : Math.ceil(data.length / 10_000);
    expect(data.filter((value, at) => value !== golden[at]).length).toBeLessThanOrEqual(allowed);
  },
);
