import { expect, test } from 'vitest';
import { planScene } from '../../src/synthetic/scene.ts';
import { SHAPE_NAMES } from '../../src/synthetic/shapes.ts';

const SIZE = { width: 320, height: 320 };
const scenes = Array.from({ length: 150 }, (_, seed) => planScene(seed, SIZE));
const objects = scenes.flatMap((scene) => scene.objects);
const figuresOf = (shown: number) => objects.filter(({ visibility }) => visibility > shown);

test('the same seed gives the same scene', () => {
  expect(planScene(7, SIZE)).toEqual(planScene(7, SIZE));
});

test('an image has one to eight objects', () => {
  const counts = scenes.map((scene) => scene.objects.length);
  expect([Math.min(...counts), Math.max(...counts)]).toEqual([1, 8]);
});

test('every class occurs', () => {
  expect(new Set(objects.map(({ shape }) => shape))).toEqual(new Set(SHAPE_NAMES));
});

test('boxes lie inside the image and have an area', () => {
  for (const { box } of objects) {
    const [left, top, right, bottom] = box;
    expect(left).toBeGreaterThanOrEqual(0);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(right).toBeLessThanOrEqual(320);
    expect(bottom).toBeLessThanOrEqual(320);
    expect(Math.min(right - left, bottom - top)).toBeGreaterThan(0);
  }
});

test('whole objects have sides of 8 to 200 px', () => {
  const sides = figuresOf(0.9999).flatMap(({ box }) => [box[2] - box[0], box[3] - box[1]]);
  expect(Math.min(...sides)).toBeGreaterThan(7);
  expect(Math.min(...sides)).toBeLessThan(12);
  expect(Math.max(...sides)).toBeGreaterThan(150);
  expect(Math.max(...sides)).toBeLessThanOrEqual(200);
});

test('enough of every object is visible to recognize it', () => {
  for (const { visibility } of objects) expect(visibility).toBeGreaterThan(0.25);
});

test('some objects are half covered', () => {
  expect(objects.some(({ visibility }) => visibility < 0.6)).toBe(true);
});

test('objects scale with the image', () => {
  const large = Array.from({ length: 40 }, (_, seed) => planScene(seed, { width: 640, height: 640 }));
  const sides = large.flatMap((scene) => scene.objects.map(({ box }) => box[2] - box[0]));
  expect(Math.max(...sides)).toBeGreaterThan(250);
});
