import { describe, expect, test } from 'vitest';
import type { XyxyPx } from '../../src/boxes/formats.ts';
import { uniformRandom } from '../../src/foundation/random.ts';
import { fillInput, placeImage, toInput, toOriginal } from '../../src/image/letterbox.ts';

const RESIZES = ['letterbox', 'stretch'] as const;

describe('placeImage', () => {
  test.each([
    // original, input, left, top, width, height
    [20, 10, 40, 40, 0, 10, 40, 20],
    [10, 20, 40, 40, 10, 0, 20, 40],
    [768, 576, 320, 320, 0, 40, 320, 240],
    [640, 480, 416, 416, 0, 52, 416, 312],
    [100, 100, 64, 32, 16, 0, 32, 32],
    // An odd border: the larger part is below.
    [40, 37, 40, 40, 0, 1, 40, 37],
    [1, 10_000, 320, 320, 159, 0, 1, 320],
    [10_000, 1, 320, 320, 0, 159, 320, 1],
  ])(
    '%i×%i in %i×%i is letterboxed to left %i, top %i, %i×%i',
    (w, h, inputW, inputH, left, top, width, height) => {
      const original = { width: w, height: h };
      const placement = placeImage(original, { width: inputW, height: inputH }, 'letterbox');
      expect(placement).toEqual({ left, top, width, height, original });
    },
  );

  test('a stretched image fills the input', () => {
    const original = { width: 768, height: 576 };
    const placement = placeImage(original, { width: 320, height: 256 }, 'stretch');
    expect(placement).toEqual({ left: 0, top: 0, width: 320, height: 256, original });
  });

  // As torchvision's Resize(256) and CenterCrop(224).
  test.each([
    [640, 480, -58, -16, 341, 256],
    [480, 640, -16, -58, 256, 341],
    [256, 256, -16, -16, 256, 256],
    [32, 48, -16, -80, 256, 384],
  ])('for %i×%i, a crop to 224 px shows the middle', (w, h, left, top, width, height) => {
    const original = { width: w, height: h };
    const placement = placeImage(original, { width: 224, height: 224 }, 'crop');
    expect(placement).toEqual({ left, top, width, height, original });
  });

  test('a letterboxed image lies inside the input, touches two sides and keeps its aspect ratio', () => {
    const random = uniformRandom(1);
    const side = () => 1 + Math.floor(random() * 3000);
    for (let i = 0; i < 5000; i++) {
      const [original, input] = [
        { width: side(), height: side() },
        { width: side(), height: side() },
      ];
      const { left, top, width, height } = placeImage(original, input, 'letterbox');
      expect(
        Math.min(left, top, input.width - left - width, input.height - top - height),
      ).toBeGreaterThanOrEqual(0);
      expect(width === input.width || height === input.height).toBe(true);
      const scale = Math.min(input.width / original.width, input.height / original.height);
      expect(Math.abs(width - Math.max(1, original.width * scale))).toBeLessThanOrEqual(0.5 + 1e-9);
      expect(Math.abs(height - Math.max(1, original.height * scale))).toBeLessThanOrEqual(0.5 + 1e-9);
    }
  });
});

describe('toInput and toOriginal', () => {
  test('move a box in the middle of a letterboxed image with it', () => {
    const placement = placeImage({ width: 20, height: 10 }, { width: 40, height: 40 }, 'letterbox');
    expect(toInput([5, 2, 15, 8], placement)).toEqual([10, 14, 30, 26]);
    expect(toOriginal([10, 14, 30, 26], placement)).toEqual([5, 2, 15, 8]);
  });

  test.each(RESIZES)('map the corners of an image (%s) to the corners of its place', (resize) => {
    const original = { width: 123, height: 457 };
    const placement = placeImage(original, { width: 320, height: 224 }, resize);
    const { left, top, width, height } = placement;
    const box = toInput([0, 0, original.width, original.height], placement);
    [left, top, left + width, top + height].forEach((edge, i) => {
      expect(box[i]).toBeCloseTo(edge, 9);
    });
  });

  test.each(RESIZES)('mapping a box to the input and back (%s) gives the same within 1e-9 px', (resize) => {
    const random = uniformRandom(2);
    const side = () => 1 + Math.floor(random() * 6000);
    let worst = 0;
    for (let i = 0; i < 5000; i++) {
      const original = { width: side(), height: side() };
      const placement = placeImage(original, { width: side(), height: side() }, resize);
      const edge = (length: number) => (random() * 1.4 - 0.2) * length;
      const { width, height } = original;
      const box: XyxyPx = [edge(width), edge(height), edge(width), edge(height)];
      toOriginal(toInput(box, placement), placement).forEach((value, k) => {
        worst = Math.max(worst, Math.abs(value - box[k]!));
      });
    }
    expect(worst).toBeLessThan(1e-9);
  });
});

describe('fillInput', () => {
  test('puts the image in its place, with a border of one gray level', () => {
    const image = { data: Uint8Array.from({ length: 3 * 4 * 2 }, (_, i) => 10 * i), width: 4, height: 2 };
    const input = { width: 4, height: 5 };
    const placement = placeImage({ width: 8, height: 4 }, input, 'letterbox');
    const border = (rows: number) => new Array(rows * 12).fill(114);
    expect([...fillInput(image, placement, input, 114)]).toEqual([...border(1), ...image.data, ...border(2)]);
  });

  test('fills the border next to a tall image with one gray level', () => {
    const image = { data: Uint8Array.from([1, 2, 3, 4, 5, 6]), width: 1, height: 2 };
    const input = { width: 2, height: 2 };
    const placement = placeImage({ width: 1, height: 2 }, input, 'letterbox');
    expect([...fillInput(image, placement, input, 7)]).toEqual([1, 2, 3, 7, 7, 7, 4, 5, 6, 7, 7, 7]);
  });

  test('leaves no border around an image of the input’s size', () => {
    const image = { data: Uint8Array.from({ length: 12 }, (_, i) => i), width: 2, height: 2 };
    const placement = placeImage(image, image, 'letterbox');
    expect([...fillInput(image, placement, image, 114)]).toEqual([...image.data]);
  });
});

test('crops off what lies outside the input', () => {
  // 4 × 3 pixels, each with a different gray.
  const image = { width: 4, height: 3, data: Uint8Array.from({ length: 36 }, (_, i) => Math.floor(i / 3)) };
  const original = { width: 4, height: 3 };
  const pixels = fillInput(
    image,
    { left: -1, top: -1, width: 4, height: 3, original },
    { width: 2, height: 2 },
    99,
  );
  expect([...pixels].filter((_, i) => i % 3 === 0)).toEqual([5, 6, 9, 10]);
});
