import { expect, it } from 'vitest';
import { stemOf, withoutEnding } from '../../src/datasets/image-name.ts';

it.each([
  ['photos/cat.jpg', 'photos/cat', 'cat'],
  ['photos\\cat.jpg', 'photos\\cat', 'cat'],
  ['photos.v2/cat', 'photos.v2/cat', 'cat'],
  ['.jpg', '.jpg', '.jpg'],
])('%s without its extension is %s, without folders %s', (path, whole, stem) => {
  expect(withoutEnding(path)).toBe(whole);
  expect(stemOf(path)).toBe(stem);
});
