import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { type HsvShift, randomHsvShift, shiftHsv } from '../../../src/training/augmentation/hsv.ts';
import { NO_AUGMENTATION } from '../../../src/training/augmentation/options.ts';
import { largestDifference } from '../../image/pictures.ts';
import { noise } from './painted.ts';

const path = join(import.meta.dirname, 'fixtures', 'shifted-colors.json');
const golden = JSON.parse(readFileSync(path, 'utf8')) as {
  readonly colors: readonly number[];
  readonly shifts: readonly (HsvShift & { readonly colors: readonly number[] })[];
};

/** By the definition of HSV. */
function shiftColor(color: readonly number[], { hue, saturation, value }: HsvShift): readonly number[] {
  const most = Math.max(...color);
  const chroma = most - Math.min(...color);
  const [red, green, blue] = color as [number, number, number];
  let sector = 0;
  if (chroma > 0 && most === red) sector = (green - blue) / chroma;
  else if (chroma > 0 && most === green) sector = 2 + (blue - red) / chroma;
  else if (chroma > 0) sector = 4 + (red - green) / chroma;
  const newValue = Math.min(255, most * value);
  const newSaturation = most === 0 ? 0 : Math.min(1, (chroma / most) * saturation);
  return [5, 3, 1].map((n) => {
    const k = (((n + sector + 6 * hue) % 6) + 6) % 6;
    return newValue - newValue * newSaturation * Math.max(0, Math.min(k, 4 - k, 1));
  });
}

describe('shiftHsv', () => {
  test.each(golden.shifts)(
    'hue $hue, saturation $saturation, value $value is OpenCV’s within 2 levels',
    (shift) => {
      const image = { data: Uint8Array.from(golden.colors), width: golden.colors.length / 3, height: 1 };
      expect(largestDifference(shiftHsv(image, shift).data, shift.colors)).toBeLessThanOrEqual(2);
    },
  );

  test('every kind of color and shift is within 2 levels of the definition', () => {
    const random = uniformRandom(5);
    const image = noise({ width: 100, height: 50 }, 2);
    for (let i = 0; i < 20; i++) {
      const shift = { hue: random() - 0.5, saturation: 2 * random(), value: 2 * random() };
      const { data } = shiftHsv(image, shift);
      const expected: number[] = [];
      for (let at = 0; at < data.length; at += 3) {
        expected.push(...shiftColor([...image.data.subarray(at, at + 3)], shift));
      }
      expect(largestDifference(data, expected)).toBeLessThanOrEqual(2);
    }
  });

  test('gains of zero change nothing', () => {
    const image = noise({ width: 9, height: 7 });
    const shift = randomHsvShift(NO_AUGMENTATION, uniformRandom(1));
    expect(shiftHsv(image, shift)).toBe(image);
  });

  test('a full turn changes no color by more than its rounding', () => {
    const image = noise({ width: 90, height: 70 });
    const { data } = shiftHsv(image, { hue: 1, saturation: 1, value: 1 });
    expect(largestDifference(data, image.data)).toBeLessThanOrEqual(1);
  });

  test('gray stays gray, and the input image does not change', () => {
    const gray = { data: Uint8Array.from({ length: 768 }, (_, i) => i / 3), width: 256, height: 1 };
    const before = Uint8Array.from(gray.data);
    const { data } = shiftHsv(gray, { hue: 0.3, saturation: 2, value: 1 });
    expect(data).toEqual(before);
    expect(gray.data).toEqual(before);
  });

  test('random shifts stay within their gains', () => {
    const random = uniformRandom(4);
    for (let i = 0; i < 1000; i++) {
      const shift = randomHsvShift({ hue: 0.1, saturation: 0.7, value: 0.4 }, random);
      expect(Math.abs(shift.hue)).toBeLessThanOrEqual(0.1);
      expect(Math.abs(shift.saturation - 1)).toBeLessThanOrEqual(0.7);
      expect(Math.abs(shift.value - 1)).toBeLessThanOrEqual(0.4);
    }
  });
});
