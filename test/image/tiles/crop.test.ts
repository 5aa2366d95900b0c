import { expect, test } from 'vitest';
import type { XywhPx } from '../../../src/boxes/formats.ts';
import { cropImage } from '../../../src/image/tiles/crop.ts';

/** Four columns and three rows; each pixel names its place. */
const image = {
  data: Uint8Array.from({ length: 36 }, (_, index) => Math.floor(index / 3)),
  width: 4,
  height: 3,
};

test.each<[title: string, box: XywhPx, size: [number, number], first: number]>([
  ['whole pixels', [1, 1, 2, 2], [2, 2], 5],
  ['parts of pixels', [1.4, 0.9, 1.2, 0.2], [2, 2], 1],
  ['beyond the image', [-5, -5, 100, 100], [4, 3], 0],
])('cuts %s', (_, box, [width, height], first) => {
  const cut = cropImage(image, box)!;
  expect([cut.width, cut.height, cut.data[0]]).toEqual([width, height, first]);
  expect(cut.data).toHaveLength(3 * width * height);
});

test('a box outside the image has no pixels', () => {
  expect(cropImage(image, [4, 0, 2, 2])).toBeUndefined();
  expect(cropImage(image, [1, 1, 0, 2])).toBeUndefined();
});

test('a crop of RGBA pixels is RGB over white', () => {
  const data = Uint8ClampedArray.from([10, 20, 30, 255, 10, 20, 30, 0, 55, 155, 255, 51]);
  const cut = cropImage({ data, width: 3, height: 1 }, [0, 0, 3, 1])!;
  expect([...cut.data]).toEqual([10, 20, 30, 255, 255, 255, 215, 235, 255]);
  expect([...cropImage({ data, width: 3, height: 1 }, [2, 0, 1, 1])!.data]).toEqual([215, 235, 255]);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses a box with %d', (value) => {
  expect(() => cropImage(image, [0, 0, value, 2])).toThrow(
    /box \[0, 0, .*, 2\]: expected four finite numbers/,
  );
});
