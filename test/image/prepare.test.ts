import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Size, XywhPx, XyxyPx } from '../../src/boxes/formats.ts';
import { xywhToXyxy } from '../../src/boxes/formats.ts';
import { writePicture } from '../../src/image/encode.ts';
import { toInput } from '../../src/image/letterbox.ts';
import { type PreparedImage, prepareImage } from '../../src/image/prepare.ts';
import { temporaryFolder } from '../temporary-files.ts';
import { fixturePath, whiteRectangle } from './pictures.ts';

const folder = temporaryFolder();
const GRAY = 114;

/** The white part of an input, in whole pixels. */
function whiteBox({ pixels }: PreparedImage, { width, height }: Size): XyxyPx {
  let box: XyxyPx = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // The threshold is half of white; the border is darker.
      if (pixels[3 * (y * width + x)]! < 128) continue;
      box = [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x + 1), Math.max(box[3], y + 1)];
    }
  }
  return box;
}

/** Mean position of the light in an input, in pixels. */
function centerOfLight(pixels: Uint8Array, { width, height }: Size): readonly [x: number, y: number] {
  let [light, x, y] = [0, 0, 0];
  for (let pixel = 0; pixel < width * height; pixel++) {
    const value = pixels[3 * pixel]!;
    light += value;
    x += value * ((pixel % width) + 0.5);
    y += value * (Math.floor(pixel / width) + 0.5);
  }
  return [x / light, y / light];
}

const recipes = (['letterbox', 'stretch'] as const).flatMap((resize) =>
  (['bilinear', 'area'] as const).map((resampling) => ({ resize, resampling, fill: GRAY })),
);
const sizes: readonly (readonly [original: Size, rectangle: XywhPx, input: Size])[] = [
  [{ width: 200, height: 150 }, [40, 30, 80, 60], { width: 64, height: 64 }],
  [{ width: 90, height: 240 }, [10, 100, 50, 90], { width: 96, height: 64 }],
  [{ width: 48, height: 32 }, [5, 3, 20, 22], { width: 160, height: 160 }],
];

describe.each(recipes)('prepareImage with $resize and $resampling', (recipe) => {
  test.each(sizes)(
    'a rectangle painted on %o lands where toInput maps it',
    async (original, rectangle, input) => {
      const prepared = await prepareImage(
        whiteRectangle(original.width, original.height, rectangle),
        recipe,
        input,
      );
      expect(prepared.pixels.length).toBe(3 * input.width * input.height);
      const expected = toInput(xywhToXyxy(rectangle), prepared.placement);
      whiteBox(prepared, input).forEach((edge, i) => {
        expect(Math.abs(edge - expected[i]!)).toBeLessThanOrEqual(1);
      });
    },
  );

  test('the border, and only the border, has the recipe’s gray level', async () => {
    const input = { width: 40, height: 40 };
    const { pixels, placement } = await prepareImage(whiteRectangle(60, 30, [0, 0, 60, 30]), recipe, input);
    const values = Array.from({ length: 40 }, (_, y) => pixels[3 * (y * 40 + 20)]);
    const { top, height } = placement;
    expect(values).toEqual(values.map((_, y) => (y >= top && y < top + height ? 255 : GRAY)));
  });

  test('a rectangle on a large JPEG lands where toInput maps it', async () => {
    const rectangle: XywhPx = [900, 300, 1400, 1100];
    const path = join(folder, `big-${recipe.resize}-${recipe.resampling}.jpg`);
    await writePicture(path, whiteRectangle(3000, 2000, rectangle));
    const input = { width: 320, height: 320 };
    const prepared = await prepareImage(path, recipe, input);
    expect(prepared.placement.original).toEqual({ width: 3000, height: 2000 });
    const expected = toInput(xywhToXyxy(rectangle), prepared.placement);
    whiteBox(prepared, input).forEach((edge, i) => {
      expect(Math.abs(edge - expected[i]!)).toBeLessThanOrEqual(1);
    });
  });

  test('an image rotated by EXIF is placed upright', async () => {
    const { placement } = await prepareImage(fixturePath('orientation-6.jpg'), recipe, {
      width: 64,
      height: 64,
    });
    expect(placement.original).toEqual({ width: 40, height: 24 });
  });

  test('bytes give the same input as their file', async () => {
    const input = { width: 32, height: 32 };
    const fromFile = await prepareImage(fixturePath('upright.png'), recipe, input);
    const fromBytes = await prepareImage(await readFile(fixturePath('upright.png')), recipe, input);
    expect(fromBytes).toEqual(fromFile);
  });
});

const byArea = recipes.filter(({ resampling }) => resampling === 'area');

describe.each(byArea)('prepareImage with $resize and area', (recipe) => {
  test.each(sizes)('a rectangle painted on %o keeps its center', async (original, rectangle, input) => {
    const image = whiteRectangle(original.width, original.height, rectangle);
    const { pixels, placement } = await prepareImage(image, { ...recipe, fill: 0 }, input);
    const [left, top, right, bottom] = toInput(xywhToXyxy(rectangle), placement);
    const [x, y] = centerOfLight(pixels, input);
    expect(Math.abs(x - (left + right) / 2)).toBeLessThan(0.1);
    expect(Math.abs(y - (top + bottom) / 2)).toBeLessThan(0.1);
  });
});

describe('prepareImage', () => {
  test('averages fine stripes by area; bilinear aliases them', async () => {
    const data = Uint8Array.from({ length: 3 * 64 * 64 }, (_, i) => (Math.floor(i / 3) % 4 === 0 ? 255 : 0));
    const stripes = { data, width: 64, height: 64 };
    const input = { width: 16, height: 16 };
    const levels = async (resampling: 'area' | 'bilinear') =>
      (await prepareImage(stripes, { resize: 'stretch', resampling, fill: GRAY }, input)).pixels;
    const middle = 3 * (8 * 16 + 8);
    expect(Math.abs((await levels('area'))[middle]! - 255 / 4)).toBeLessThan(40);
    expect((await levels('bilinear'))[middle]).toBe(0);
  });

  test('returns the whole image too if it was fully decoded', async () => {
    const input = { width: 16, height: 16 };
    const decoded = async (resampling: 'area' | 'bilinear') =>
      (await prepareImage(fixturePath('upright.png'), { resize: 'letterbox', resampling, fill: 0 }, input))
        .decoded;
    expect(await decoded('bilinear')).toMatchObject({ width: 40, height: 24 });
    expect(await decoded('area')).toBeUndefined();
  });
});
