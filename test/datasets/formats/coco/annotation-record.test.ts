import { expect, test } from 'vitest';
import { parseAnnotation } from '../../../../src/datasets/formats/coco/annotation-record.ts';
import { BadRecord } from '../../../../src/datasets/formats/coco/records.ts';

test('a box with a NaN or infinite area is invalid', () => {
  const places = { images: new Map([[1, 0]]), categories: new Map([[1, 0]]) };
  const annotation = { id: 1, image_id: 1, category_id: 1, bbox: [0, 0, 1e308, 1e308] };
  expect(parseAnnotation(annotation, places)).toEqual(
    new BadRecord('bad-box', 'bbox [0,0,1e+308,1e+308] is too large'),
  );
});
