import { expect, test } from 'vitest';
import { haveOneAspect, sizeOfBoxes } from '../../src/boxes/aspect.ts';

const size = (width: number, height: number) => ({ width, height });

test.for([
  [size(640, 480), size(640, 480), true],
  [size(416, 277), size(640, 426), true],
  [size(640, 426), size(416, 277), true],
  [size(4000, 3000), size(416, 312), true],
  [size(480, 640), size(640, 480), false],
  [size(90, 70), size(100, 80), false],
  [size(640, 470), size(640, 480), false],
  [size(7, 5), size(7, 5), true],
] as const)('%o of %o: one aspect %s', ([a, b, isOne]) => {
  expect(haveOneAspect(a, b)).toBe(isOne);
});

test('boxes are in the stated size, unless the image has another aspect ratio', () => {
  expect(sizeOfBoxes(size(320, 240), size(640, 480))).toEqual(size(640, 480));
  expect(sizeOfBoxes(size(480, 640), size(640, 480))).toEqual(size(480, 640));
});

test('keeps the aspect ratio however a smaller side was rounded', () => {
  for (let side = 32; side < 500; side++) {
    const scale = side / 500;
    for (const round of [Math.round, Math.floor, Math.ceil]) {
      expect(haveOneAspect(size(side, round(333 * scale)), size(500, 333))).toBe(true);
    }
  }
});
