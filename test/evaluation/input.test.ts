import { expect, test } from 'vitest';
import { DetectionList } from '../../src/evaluation/detection-list.ts';
import { evaluationInput } from '../../src/evaluation/input.ts';
import { smallDataset } from '../datasets/check/datasets.ts';

test('refuses two images with one id, because boxes of one would count as the other’s', () => {
  const dataset = smallDataset(2, []);
  const images = dataset.images.map((image) => ({ ...image, id: 7 }));
  expect(() => evaluationInput({ ...dataset, images }, new DetectionList())).toThrow(
    'dataset: two images have id 7, expected one; give each its own id',
  );
});

test('refuses two categories with one id', () => {
  const dataset = smallDataset(1, []);
  const categories = dataset.categories.map((category) => ({ ...category, id: 3 }));
  expect(() => evaluationInput({ ...dataset, categories }, new DetectionList())).toThrow(
    'dataset: two categories have id 3, expected one',
  );
});
