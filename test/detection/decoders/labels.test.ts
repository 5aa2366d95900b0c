import { expect, test } from 'vitest';
import { COCO_CLASSES } from '../../../src/detection/decoders/coco-classes.ts';
import { classOf, labelsBy } from '../../../src/detection/decoders/labels.ts';

test.each([
  [1, 'person'],
  [11, 'fire hydrant'],
  [13, 'stop sign'],
  [90, 'toothbrush'],
] as const)('COCO’s id %i is %s', (id, name) => {
  expect(COCO_CLASSES[classOf(id, 'coco-ids')]).toBe(name);
});

test('ids that COCO never assigned are not classes', () => {
  for (const id of [0, 12, 26, 83, 91, -1]) expect(classOf(id, 'coco-ids')).toBe(-1);
});

test('counts as requested if the names are not COCO’s 80', () => {
  expect(labelsBy(3, 'from-1')).toBe('from-1');
  expect(labelsBy(80, 'from-1')).toBe('coco-ids');
  expect(classOf(3, 'from-1')).toBe(2);
});
