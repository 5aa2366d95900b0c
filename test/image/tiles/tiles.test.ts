import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { decodeImage } from '../../../src/image/decode.ts';
import { decodeTiles } from '../../../src/image/tiles/bands.ts';
import { cutRegion } from '../../../src/image/tiles/crop.ts';
import { tileRegions } from '../../../src/image/tiles/tiles.ts';
import { noisePicture } from '../pictures.ts';

describe('tiles', () => {
  test('cover every pixel, stay inside, and overlap as requested', () => {
    const random = uniformRandom(5);
    const whole = (least: number, most: number) => least + Math.floor(random() * (most - least));
    for (let round = 0; round < 300; round++) {
      const image = { width: whole(1, 900), height: whole(1, 900) };
      const tile = { width: whole(32, 400), height: whole(32, 400) };
      const overlap = random() * 0.9;
      const rows = tileRegions(image, tile, overlap);
      for (const [axis, side, regions] of [
        ['left', 'width', rows[0]!],
        ['top', 'height', rows.map(([first]) => first!)],
      ] as const) {
        expect(regions[0]![axis]).toBe(0);
        expect(regions.at(-1)![axis] + regions.at(-1)![side]).toBe(image[side]);
        for (const [index, region] of regions.entries()) {
          expect(region[side]).toBe(Math.min(tile[side], image[side]));
          if (index === 0) continue;
          const shared = regions[index - 1]![axis] + region[side] - region[axis];
          expect(shared).toBeGreaterThanOrEqual(Math.floor(overlap * region[side]) - 1);
          expect(shared).toBeLessThan(region[side]);
        }
      }
    }
  });

  test('of an image smaller than a tile are the whole image', () => {
    const image = { width: 500, height: 300 };
    expect(tileRegions(image, { width: 640, height: 640 }, 0.2)).toEqual([[{ left: 0, top: 0, ...image }]]);
  });

  test.each([1, 3, 6, 8])(
    'equal the parts of the fully decoded image with EXIF orientation %i',
    async (orientation) => {
      const file = await noisePicture(200, 150).withMetadata({ orientation }).png().toBuffer();
      const whole = await decodeImage(file);
      const rows = tileRegions(whole, { width: 64, height: 64 }, 0.2);
      const tiles = decodeTiles(file, rows, whole, {});
      let count = 0;
      for await (const { region, pixels } of tiles) {
        count++;
        expect(pixels).toEqual(cutRegion(whole, region));
      }
      expect(count).toBe(rows.flat().length);
    },
  );

  test('of an image larger than a band equal those of the fully decoded image', async () => {
    const width = 5000;
    const height = 4000;
    const stripes = Buffer.alloc(width * height * 3);
    for (let y = 0; y < height; y++) stripes.fill(y % 251, 3 * y * width, 3 * (y + 1) * width);
    const file = await sharp(stripes, { raw: { width, height, channels: 3 } })
      .png({ compressionLevel: 1 })
      .toBuffer();
    const rows = tileRegions({ width, height }, { width: 2500, height: 1000 }, 0.1);
    for await (const { region, pixels } of decodeTiles(file, rows, { width, height }, {})) {
      const seen = [0, 1, region.height - 1].map((y) => pixels.data[3 * y * region.width]);
      expect(seen).toEqual([0, 1, region.height - 1].map((y) => (region.top + y) % 251));
    }
  });
});
