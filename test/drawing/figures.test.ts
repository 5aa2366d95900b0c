import { expect, test } from 'vitest';
import type { XyxyPx } from '../../src/boxes/formats.ts';
import { type Painted, paintFigures } from '../../src/drawing/figures.ts';
import type { RgbImage } from '../../src/image/decode.ts';
import { outlineBox, placeOutline } from '../../src/synthetic/outline.ts';
import { SHAPE_NAMES, SHAPES } from '../../src/synthetic/shapes.ts';
import { describeDrawing } from './canvas-packages.ts';

const SIDE = 120;
const black = (): RgbImage => ({ data: new Uint8Array(3 * SIDE * SIDE), width: SIDE, height: SIDE });

/** Bounding box of the pixels that are not black. */
function paintedBox({ data, width }: RgbImage): XyxyPx {
  let [left, top, right, bottom] = [SIDE, SIDE, 0, 0];
  for (let i = 0; i < data.length; i += 3) {
    // A faint color counts: edge pixels are blended with the background.
    if (data[i]! + data[i + 1]! + data[i + 2]! < 12) continue;
    const [x, y] = [(i / 3) % width, Math.floor(i / 3 / width)];
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + 1);
    bottom = Math.max(bottom, y + 1);
  }
  return [left, top, right, bottom];
}

const looks = ['plain', 'gradient', 'stripes', 'rim'] as const;
const cases = SHAPE_NAMES.flatMap((name) => looks.map((look) => [name, look] as const));

describeDrawing('painting', (drawing) => {
  test.each(cases)('the pixels of a %s, %s, fill the box of its outline to the pixel', async (name, look) => {
    for (const [side, rotation] of [
      [9.3, 0.4],
      [41.7, 1.1],
      [97, 5.2],
    ] as const) {
      const outline = placeOutline(SHAPES[name], { center: [60.3, 59.6], side, rotation, stretch: 1.3 });
      const box = outlineBox(outline);
      const figure: Painted = {
        kind: 'figure',
        outline,
        box,
        fill: look === 'rim' ? 'plain' : look,
        colors: [
          [255, 200, 40],
          [200, 255, 90],
        ],
        ...(look === 'rim' ? { rim: { width: side / 12, color: [90, 90, 255] as const } } : {}),
      };
      const painted = paintedBox(await paintFigures(black(), [figure], [drawing]));
      for (const edge of [0, 1, 2, 3] as const) {
        expect(Math.abs(painted[edge] - box[edge]), `side ${edge} of ${side} px`).toBeLessThanOrEqual(1);
      }
    }
  });
});

test('does not change the input image', async () => {
  const image = black();
  const line: Painted = {
    kind: 'strokes',
    lines: [
      [
        [0, 0],
        [99, 99],
      ],
    ],
    width: 5,
    color: [255, 0, 0],
  };
  await paintFigures(image, [line]);
  expect(image).toEqual(black());
});

test('later figures cover earlier ones', async () => {
  const square = (color: readonly [number, number, number]): Painted => {
    const outline = placeOutline(SHAPES.square, { center: [60, 60], side: 40, rotation: 0, stretch: 1 });
    return { kind: 'figure', outline, box: outlineBox(outline), fill: 'plain', colors: [color, color] };
  };
  const { data } = await paintFigures(black(), [square([255, 0, 0]), square([0, 0, 255])]);
  const center = 3 * (60 * SIDE + 60);
  expect([...data.subarray(center, center + 3)]).toEqual([0, 0, 255]);
});
