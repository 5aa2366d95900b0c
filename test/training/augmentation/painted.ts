import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Size, XyxyPx } from '../../../src/boxes/formats.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';
import type { RgbImage } from '../../../src/image/decode.ts';
import type { LabeledImage, LabeledObject } from '../../../src/training/augmentation/labeled-image.ts';

/** A black image with a red rectangle on whole pixels as its only object. */
export function redRectangle({ width, height }: Size, box: XyxyPx, classId = 0): LabeledImage {
  const data = new Uint8Array(3 * width * height);
  const [left, top, right, bottom] = box;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) data[3 * (y * width + x)] = 255;
  }
  return { image: { data, width, height }, objects: [{ box, classId }] };
}

/** The same, with a size and position from a seed, well over 2 pixels. */
export function anyRedRectangle(seed: number): LabeledImage {
  const random = uniformRandom(seed);
  const whole = (low: number, high: number) => low + Math.floor(random() * (high - low));
  const [width, height] = [whole(60, 200), whole(60, 200)];
  const [left, top] = [whole(0, width - 30), whole(0, height - 30)];
  return redRectangle({ width, height }, [left, top, whole(left + 20, width), whole(top + 20, height)]);
}

export function black({ width, height }: Size): LabeledImage {
  return { image: { data: new Uint8Array(3 * width * height), width, height }, objects: [] };
}

export function noise({ width, height }: Size, seed = 1): RgbImage {
  const random = uniformRandom(seed);
  return { data: Uint8Array.from({ length: 3 * width * height }, () => 256 * random()), width, height };
}

/** Extent of the red pixels: at least half as red as the rectangle, because edges of boxes lie halfway. */
export function redExtent({ data, width, height }: RgbImage, atLeast = 128): XyxyPx | undefined {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[3 * (y * width + x)]! < atLeast) continue;
      [left, top] = [Math.min(left, x), Math.min(top, y)];
      [right, bottom] = [Math.max(right, x + 1), Math.max(bottom, y + 1)];
    }
  }
  return right > left ? [left, top, right, bottom] : undefined;
}

/** How far the first box extends beyond the second, in pixels; negative if it stays inside. */
export function overhang(inner: XyxyPx, outer: XyxyPx): readonly number[] {
  return [outer[0] - inner[0], outer[1] - inner[1], inner[2] - outer[2], inner[3] - outer[3]];
}

/** The red pixels lie in the box of the only object and touch its four sides. */
export function expectRedInBox({ image, objects }: LabeledImage, atLeast?: number): void {
  expect(objects).toHaveLength(1);
  const red = redExtent(image, atLeast);
  expect(red).toBeDefined();
  for (const distance of overhang(red!, objects[0]!.box)) {
    expect(distance).toBeLessThanOrEqual(1);
    expect(distance).toBeGreaterThanOrEqual(-1.5);
  }
}

export function expectInside(objects: readonly LabeledObject[], { width, height }: Size): void {
  for (const { box } of objects) {
    expect(Math.max(...overhang(box, [0, 0, width, height]))).toBeLessThanOrEqual(0);
    expect(Math.min(box[2] - box[0], box[3] - box[1])).toBeGreaterThanOrEqual(2);
  }
}

/** A short digest, equal for equal images and objects, because comparing pixel by pixel is slow. */
export function fingerprint({ image, objects }: LabeledImage): string {
  const pixels = createHash('sha256').update(image.data).digest('hex');
  return JSON.stringify([image.width, image.height, pixels, objects]);
}
