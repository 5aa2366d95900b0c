import { expect, test } from 'vitest';
import { grown } from '../../src/foundation/grown.ts';

test('a grown array keeps its type and values and is filled up with zeros', () => {
  expect(grown(Float32Array.of(1.5, -2), 4)).toEqual(Float32Array.of(1.5, -2, 0, 0));
});
