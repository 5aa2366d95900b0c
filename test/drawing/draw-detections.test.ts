import { expect, test } from 'vitest';
import type { XywhPx } from '../../src/boxes/formats.ts';
import type { Canvas } from '../../src/drawing/canvas.ts';
import { type DrawnBox, drawDetections } from '../../src/drawing/draw-detections.ts';
import { classColor } from '../../src/drawing/palette.ts';
import type { RgbImage } from '../../src/image/decode.ts';
import { describeDrawing } from './canvas-packages.ts';

type Rgb = readonly [red: number, green: number, blue: number];

/** An image in which no two neighboring pixels are equal. */
function picture(width: number, height: number): RgbImage {
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 37 + (i >> 4) * 11) % 256);
  return { data, width, height };
}

class Pixels {
  readonly #data: Uint8ClampedArray;
  readonly #width: number;

  constructor(canvas: Canvas) {
    this.#data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    this.#width = canvas.width;
  }

  at(x: number, y: number): Rgb {
    const start = 4 * (y * this.#width + x);
    return [this.#data[start]!, this.#data[start + 1]!, this.#data[start + 2]!];
  }

  get opaque(): boolean {
    return this.#data.every((value, i) => i % 4 !== 3 || value === 255);
  }

  /** Positions of the pixels that differ from the image's. */
  changed({ data, width, height }: RgbImage): readonly (readonly [x: number, y: number])[] {
    return Array.from(
      { length: width * height },
      (_, i) => [i % width, Math.floor(i / width)] as const,
    ).filter(([x, y]) => this.at(x, y).some((value, c) => value !== data[3 * (y * width + x) + c]));
  }

  /** The smallest box around all pixels of a color: left, top, right, bottom. */
  extent(color: string, { width, height }: RgbImage): readonly number[] {
    const wanted = rgb(color).join();
    const found = Array.from(
      { length: width * height },
      (_, i) => [i % width, Math.floor(i / width)] as const,
    ).filter(([x, y]) => this.at(x, y).join() === wanted);
    const [xs, ys] = [found.map(([x]) => x), found.map(([, y]) => y)];
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1];
  }
}

function rgb(color: string): Rgb {
  const channel = (start: number) => Number.parseInt(color.slice(start, start + 2), 16);
  return [channel(1), channel(3), channel(5)];
}

function box(classId: number, place: XywhPx, label = 'dog'): DrawnBox {
  return { label, classId, score: 0.9, box: place };
}

describeDrawing('drawDetections', (name) => {
  const draw = async (image: RgbImage, boxes: readonly DrawnBox[]) =>
    new Pixels(await drawDetections(image, boxes, [name]));

  test('returns the image unchanged for an empty list', async () => {
    const image = picture(64, 48);
    const pixels = await draw(image, []);
    expect(pixels.changed(image)).toEqual([]);
    expect(pixels.opaque).toBe(true);
  });

  test('the canvas has the size of the image', async () => {
    const canvas = await drawDetections(picture(33, 21), [box(0, [5, 5, 10, 10])], [name]);
    expect([canvas.width, canvas.height]).toEqual([33, 21]);
  });

  test.each([
    // Lines of 1, 2 and 3 pixels.
    { side: 300, lines: 1 },
    { side: 700, lines: 2 },
    { side: 1050, lines: 3 },
  ])(
    'a box’s line at $side px is $lines px wide, in its class’s color, without blur',
    async ({ side, lines }) => {
      const image = picture(side, 200);
      const pixels = await draw(image, [box(4, [100, 80, 120, 90])]);
      const outside = Math.floor(lines / 2);
      for (let i = 0; i < lines; i++) {
        expect(pixels.at(100 - outside + i, 130)).toEqual(rgb(classColor(4)));
        expect(pixels.at(160, 169 + outside - i)).toEqual(rgb(classColor(4)));
        expect(pixels.at(219 + outside - i, 130)).toEqual(rgb(classColor(4)));
      }
    },
  );

  test('draws a box between whole pixels without blur too', async () => {
    const pixels = await draw(picture(300, 200), [box(4, [100.4, 80.3, 119.8, 89.9])]);
    expect(pixels.at(100, 130)).toEqual(rgb(classColor(4)));
    expect(pixels.at(219, 130)).toEqual(rgb(classColor(4)));
    expect(pixels.at(160, 169)).toEqual(rgb(classColor(4)));
  });

  test('leaves pixels away from the line and the label unchanged', async () => {
    const image = picture(300, 200);
    const [left, top, right, bottom] = [100, 80, 220, 170];
    const pixels = await draw(image, [box(1, [left, top, right - left, bottom - top])]);
    // The line and its border take two pixels on either side; the label is above the box, on the left.
    const onLine = (x: number, y: number) =>
      x >= left - 2 &&
      x < right + 2 &&
      y >= top - 2 &&
      y < bottom + 2 &&
      !(x >= left + 2 && x < right - 2 && y >= top + 2 && y < bottom - 2);
    const inLabel = (x: number, y: number) => x >= left && x < left + 80 && y >= top - 20 && y < top;
    expect(pixels.changed(image).filter(([x, y]) => !onLine(x, y) && !inLabel(x, y))).toEqual([]);
  });

  test('draws the label in its class’s color, with text in it', async () => {
    const image = picture(300, 200);
    const pixels = await draw(image, [box(5, [100, 80, 120, 90])]);
    expect(pixels.at(101, 66)).toEqual(rgb(classColor(5)));
    const text = Array.from({ length: 80 * 15 }, (_, i) =>
      pixels.at(100 + (i % 80), 64 + Math.floor(i / 80)),
    );
    expect(text.filter(([red, green, blue]) => red + green + blue < 60).length).toBeGreaterThan(10);
  });

  test('keeps the best label whole if others would cover it', async () => {
    const image = picture(120, 40);
    const crowd = Array.from({ length: 12 }, (_, i) => box(i, [0, 0, 120, 40], 'elephant'));
    const alone = await draw(image, crowd.slice(0, 1));
    const together = await draw(image, crowd);
    const label = (pixels: Pixels) =>
      Array.from({ length: 60 * 10 }, (_, i) => pixels.at(2 + (i % 60), 2 + Math.floor(i / 60)));
    expect(label(together)).toEqual(label(alone));
  });

  test('draws the visible part of a box partly outside the image', async () => {
    const image = picture(300, 200);
    const pixels = await draw(image, [box(4, [-50, 60, 150, 500])]);
    expect(pixels.at(99, 150)).toEqual(rgb(classColor(4)));
    expect(pixels.at(60, 60)).toEqual(rgb(classColor(4)));
    expect(pixels.extent(classColor(4), image)).toEqual([0, expect.any(Number), 100, 200]);
  });

  test('a box outside the image changes nothing but the place of its label', async () => {
    const image = picture(300, 200);
    const pixels = await draw(image, [box(4, [500, 400, 50, 50])]);
    const changed = pixels.changed(image);
    expect(Math.min(...changed.map(([x]) => x))).toBeGreaterThan(200);
    expect(Math.min(...changed.map(([, y]) => y))).toBeGreaterThan(170);
  });

  test('draws a box and a label on an image of 20×12', async () => {
    const pixels = await draw(picture(20, 12), [box(2, [1, 1, 18, 10])]);
    const color = rgb(classColor(2));
    // The line below, and the label's corner.
    expect([pixels.at(10, 10), pixels.at(1, 2)]).toEqual([color, color]);
  });

  test('draws a box and a label on an image of one pixel', async () => {
    const pixels = await draw(picture(1, 1), [box(0, [0, 0, 1, 1])]);
    expect(pixels.opaque).toBe(true);
  });

  test('draws boxes without width or height', async () => {
    const image = picture(100, 80);
    const pixels = await draw(image, [
      box(0, [50, 40, 0, 0]),
      box(1, [20, 20, 30, 0]),
      box(2, [70, 20, 0, 30]),
    ]);
    expect(pixels.opaque).toBe(true);
  });

  test('a box with NaN leaves the image unchanged', async () => {
    const image = picture(100, 80);
    const pixels = await draw(image, [box(0, [Number.NaN, Number.NaN, Number.NaN, Number.NaN])]);
    expect(pixels.changed(image)).toEqual([]);
  });

  test('shortens a very long label to the image’s width', async () => {
    const image = picture(300, 200);
    const pixels = await draw(image, [box(4, [150, 80, 100, 90], 'long '.repeat(5000))]);
    const [left, top, right] = pixels.extent(classColor(4), image) as [number, number, number];
    expect(left).toBeGreaterThanOrEqual(0);
    expect(right - left).toBeGreaterThan(250);
    expect(top).toBeGreaterThan(50);
  });

  test('a class has the same color in every image', async () => {
    const [one, other] = [picture(300, 200), picture(280, 160)];
    const first = await draw(one, [box(7, [100, 80, 120, 70]), box(8, [10, 50, 40, 40])]);
    const second = await draw(other, [box(7, [100, 80, 120, 70])]);
    expect(first.at(100, 120)).toEqual(second.at(100, 120));
  });

  test('does not change the given boxes', async () => {
    const boxes = Object.freeze([Object.freeze(box(0, Object.freeze([1.5, 2.5, 30.2, 20.1]) as XywhPx))]);
    await draw(picture(60, 40), boxes);
    expect(boxes[0]!.box).toEqual([1.5, 2.5, 30.2, 20.1]);
  });
});

test('draws pixels with alpha as opaque', async () => {
  const image = picture(20, 10);
  const rgba = new Uint8Array(4 * 20 * 10);
  for (let i = 0; i < 20 * 10; i++) rgba.set([...image.data.subarray(3 * i, 3 * i + 3), 90], 4 * i);
  const drawn = new Pixels(await drawDetections({ ...image, data: rgba }, []));
  expect(drawn.changed(image)).toEqual([]);
  expect(drawn.opaque).toBe(true);
});

test('leaves out a box with NaN and draws the others', async () => {
  const good = { label: 'dog', classId: 0, box: [1, 1, 15, 7] as const };
  const both = await drawDetections(picture(20, 10), [{ ...good, box: [0, NaN, 5, 5] }, good]);
  const alone = await drawDetections(picture(20, 10), [good]);
  const pixels = (canvas: Canvas) => canvas.getContext('2d').getImageData(0, 0, 20, 10).data;
  expect(pixels(both)).toEqual(pixels(alone));
});

test('refuses a negative class', async () => {
  const boxes = [{ label: 'dog', classId: -1, box: [1, 1, 5, 5] as const }];
  await expect(drawDetections(picture(20, 10), boxes)).rejects.toThrow('classId -1: expected a whole number');
});
