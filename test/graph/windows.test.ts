import { expect, test } from 'vitest';
import type { Window } from '../../src/graph/operations.ts';
import { isTiling } from '../../src/graph/windows.ts';

test.each<[string, Window, [number, number], [number, number], boolean]>([
  ['side by side', { kernel: 2, stride: 2, padding: [0, 0, 0, 0] }, [6, 4], [3, 2], true],
  ['with a row left over', { kernel: 2, stride: 2, padding: [0, 0, 0, 0] }, [7, 4], [3, 2], false],
  ['overlapping', { kernel: 3, stride: 2, padding: [0, 0, 0, 0] }, [7, 7], [3, 3], false],
  ['shifted, in equal number', { kernel: 3, stride: 3, padding: [1, 1, 1, 1] }, [6, 6], [2, 2], false],
])('windows %s', (_, window, input, output, tiles) => {
  expect(isTiling(window, input, output)).toBe(tiles);
});
