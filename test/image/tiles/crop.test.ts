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
