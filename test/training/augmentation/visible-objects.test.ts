import { expect, test } from 'vitest';
import { visibleObjects } from '../../../src/training/augmentation/visible-objects.ts';

test('enough of an object must be left, and anything of an ignored box', () => {
  const box = [-90, 0, 10, 100] as const;
  const [object, ignored] = [
    { box, classId: 1, weight: 0.5 },
    { box, classId: 1, isIgnored: true },
  ];
  const window = [0, 0, 50, 50] as const;
  expect(visibleObjects([object, ignored], window, 0.5)).toEqual([{ ...ignored, box: [0, 0, 10, 50] }]);
  expect(visibleObjects([object], window, 0.05)).toEqual([{ ...object, box: [0, 0, 10, 50] }]);
});
