import { expect, test } from 'vitest';
import { bestFile } from '../../../src/compression/optimize/best-file.ts';
import type { FileLine } from '../../../src/compression/optimize/lines.ts';

const file = (model: string, ms: number, AP50: number, within = true) =>
  ({ model, ms, AP50, within }) as FileLine;

const files = [
  file('accurate', 3, 0.9),
  file('middle', 2, 0.88),
  file('trained', 2.02, 0.89),
  file('harmed', 1, 0.5, false),
];

test.each([
  ['the most accurate of those that are fast enough', 2.5, 'trained'],
  ['the most accurate of all if the target is easy', 9, 'accurate'],
  ['the fastest without a target, and the most accurate of equally fast ones', undefined, 'trained'],
  ['the fastest if the target was not reached', 1.5, 'trained'],
])('is %s', (_, target, expected) => {
  expect(bestFile(files, target)!.model).toBe(expected);
});

test('is none if none is within the tolerance', () => {
  expect(bestFile([files[3]!], 2)).toBeUndefined();
});
