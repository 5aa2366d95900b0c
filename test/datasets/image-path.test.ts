import { expect, test } from 'vitest';
import { insideFolder } from '../../src/datasets/image-path.ts';

test.for([
  ['a.jpg', 'a.jpg'],
  ['./a//b.jpg', 'a/b.jpg'],
  ['a/../b.jpg', 'b.jpg'],
  ['a\\b.jpg', 'a/b.jpg'],
  ['..a.jpg', '..a.jpg'],
] as const)('%s is inside, at %s', ([name, path]) => {
  expect(insideFolder(name)).toBe(path);
});

test.for([
  '../a.jpg',
  'a/../../b.jpg',
  '..\\a.jpg',
  '/etc/passwd',
  '\\\\host\\a.jpg',
  'C:\\a.jpg',
  '..',
  '.',
  'a/',
  'a\0.jpg',
])('%s is refused', (name) => {
  expect(insideFolder(name)).toBeUndefined();
});
