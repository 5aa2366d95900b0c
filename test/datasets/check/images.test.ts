import { expect, test } from 'vitest';
import { checkImages } from '../../../src/datasets/check/images.ts';
import { annotation, damaged, decoded, missing, smallDataset } from './datasets.ts';

const one = smallDataset(1, [annotation(1, [0, 0, 10, 10])]);
const two = smallDataset(2, [annotation(1, [0, 0, 10, 10]), annotation(2, [0, 0, 10, 10], { image: 1 })]);

test('images that match their records give no problem', () => {
  expect(checkImages(two, [decoded('x'), decoded('y')], 'val')).toEqual([]);
});

test('a missing file is named', () => {
  expect(checkImages(one, [missing], 'val')).toEqual([
    { kind: 'missing-image-file', place: 'val: a.jpg', message: 'no such file' },
  ]);
});

test('a damaged file is named', () => {
  expect(checkImages(one, [damaged], 'val')).toMatchObject([{ kind: 'bad-image-file', place: 'val: a.jpg' }]);
});

test('notes a shrunk image, whose boxes still show where objects are', () => {
  const [problem] = checkImages(
    smallDataset(1, [annotation(1, [0, 0, 9, 9])]),
    [decoded('x', 50, 40)],
    'val',
  );
  expect(problem).toMatchObject({ kind: 'resized-image', message: 'stated as 100×80, is 50×40' });
});

test('reports an image of another size with both sizes', () => {
  const [problem] = checkImages(one, [decoded('x', 90, 70)], 'val');
  expect(problem).toMatchObject({ kind: 'wrong-image-size', message: 'stated as 100×80, is 90×70' });
});

test('swapped sides hint at the EXIF orientation', () => {
  const [problem] = checkImages(one, [decoded('x', 80, 100)], 'val');
  expect(problem?.message).toMatch(/is 80×100: rotated by its EXIF orientation/);
});

test('an image without annotations is background', () => {
  const dataset = smallDataset(2, [annotation(1, [0, 0, 10, 10])]);
  expect(checkImages(dataset, [decoded('x'), decoded('y')], 'val')).toMatchObject([
    { kind: 'background-image', place: 'val: b.jpg' },
  ]);
});

test('reports two identical files once', () => {
  expect(checkImages(two, [decoded('x'), decoded('x')], 'val')).toMatchObject([
    { kind: 'same-image-twice', place: 'val: b.jpg', message: 'same bytes as a.jpg' },
  ]);
});

test('reports a file shared by two images as such, not as a copy', () => {
  const images = two.images.map((image) => ({ ...image, fileName: 'a.jpg' }));
  expect(checkImages({ ...two, images }, [decoded('x'), decoded('x')], 'val')).toMatchObject([
    { kind: 'repeated-image-file', message: 'image 2 has the same file as image 1' },
  ]);
});
