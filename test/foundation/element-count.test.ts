import { expect, test } from 'vitest';
import { elementCount } from '../../src/foundation/element-count.ts';

test('a tensor has as many elements as the product of its sizes, and a scalar has one', () => {
  expect([[2, 3, 4], [5, 0], []].map(elementCount)).toEqual([24, 0, 1]);
});
