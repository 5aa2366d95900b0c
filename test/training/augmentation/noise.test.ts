import { describe, expect, test } from 'vitest';
import type { RgbImage } from '../../../src/image/decode.ts';
import { blur } from '../../../src/training/augmentation/blur.ts';
import { jpegNoise } from '../../../src/training/augmentation/jpeg-noise.ts';
import { shrinkByArea } from '../../../src/training/augmentation/shrink.ts';
import { largestDifference, meanDifference } from '../../image/pictures.ts';
import { noise } from './painted.ts';

const ODD = [
  { width: 1, height: 1 },
  { width: 3, height: 500 },
  { width: 500, height: 3 },
];

function at({ data, width, height }: RgbImage, x: number, y: number, channel: number): number {
  const inside = (value: number, count: number) => Math.min(Math.max(value, 0), count - 1);
  return data[3 * (inside(y, height) * width + inside(x, width)) + channel]!;
}

/** The Gaussian sum itself, far out. */
function blurred(image: RgbImage, sigma: number): readonly number[] {
  const reach = Math.ceil(6 * sigma);
  const weight = (i: number) => Math.exp(-(i * i) / (2 * sigma * sigma));
  const offsets = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  const total = offsets.reduce((sum, i) => sum + weight(i), 0) ** 2;
  return [...image.data.keys()].map((i) => {
    const [x, y] = [Math.floor(i / 3) % image.width, Math.floor(i / 3 / image.width)];
    let sum = 0;
    for (const dy of offsets) {
      for (const dx of offsets) sum += weight(dx) * weight(dy) * at(image, x + dx, y + dy, i % 3);
    }
    return sum / total;
  });
}

describe('blur', () => {
  test.each([0.3, 0.8, 1.5])('σ %f is the Gaussian within 3 levels', (sigma) => {
    const image = noise({ width: 23, height: 14 });
    expect(largestDifference(blur(image, sigma).data, blurred(image, sigma))).toBeLessThanOrEqual(3);
  });

  test('an image of one color stays that color, at odd sizes', () => {
    for (const size of ODD) {
      const data = new Uint8Array(3 * size.width * size.height).fill(203);
      expect(largestDifference(blur({ data, ...size }, 2).data, data)).toBe(0);
    }
  });

  test('does not change the input image', () => {
    const image = noise({ width: 20, height: 10 });
    const before = Uint8Array.from(image.data);
    blur(image, 1);
    expect(image.data).toEqual(before);
  });
});

describe('jpegNoise', () => {
  const image = blur(noise({ width: 40, height: 24 }), 1);

  test('a lower quality is farther from the input, which does not change', async () => {
    const before = Uint8Array.from(image.data);
    const differences = await Promise.all(
      [95, 60, 10].map(async (quality) => meanDifference((await jpegNoise(image, quality)).data, image.data)),
    );
    expect(differences).toEqual([...differences].sort((a, b) => a - b));
    expect(differences[0]).toBeGreaterThan(0);
    expect(image.data).toEqual(before);
  });

  test('keeps the size, including odd ones', async () => {
    for (const size of ODD) {
      const result = await jpegNoise(noise(size), 50);
      expect([result.width, result.height]).toEqual([size.width, size.height]);
    }
  });
});

describe('shrinkByArea', () => {
  test.each([
    [40, 24, 2, 2],
    [41, 25, 3, 2],
    [7, 5, 10, 1],
    [1, 1, 2, 2],
  ])('%i×%i by %i and %i holds the means of blocks', (width, height, factorX, factorY) => {
    const image = noise({ width, height });
    const small = shrinkByArea(image, factorX, factorY);
    expect([small.width, small.height]).toEqual([Math.ceil(width / factorX), Math.ceil(height / factorY)]);
    small.data.forEach((value, i) => {
      const [x, y] = [Math.floor(i / 3) % small.width, Math.floor(i / 3 / small.width)];
      const block: number[] = [];
      for (let v = y * factorY; v < Math.min(height, (y + 1) * factorY); v++) {
        for (let u = x * factorX; u < Math.min(width, (x + 1) * factorX); u++)
          block.push(at(image, u, v, i % 3));
      }
      const mean = block.reduce((sum, one) => sum + one, 0) / block.length;
      expect(Math.abs(value - mean)).toBeLessThanOrEqual(0.5 + 1e-9);
    });
  });
});
