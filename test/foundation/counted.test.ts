import { expect, test } from 'vitest';
import { counted } from '../../src/foundation/counted.ts';

test.each([
  [0, '0 boxes'],
  [1, '1 box'],
  [1200, '1,200 boxes'],
])('%i: %s', (count, text) => {
  expect(counted(count, 'box', 'boxes')).toBe(text);
});

test('a plural without a form of its own gets an s', () => {
  expect([counted(1, 'image'), counted(2, 'image')]).toEqual(['1 image', '2 images']);
});
