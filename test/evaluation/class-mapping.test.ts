import { expect, test } from 'vitest';
import { mapClasses } from '../../src/evaluation/class-mapping.ts';

const categories = [
  { id: 90, name: 'toothbrush' },
  { id: 1, name: 'person' },
  { id: 63, name: 'couch' },
];

test('classes find their category by name, in any order and with any ids', () => {
  const { categoryIds, notes } = mapClasses(['Tooth Brush', 'couch', 'person'], categories);
  expect(categoryIds).toEqual([90, 63, 1]);
  expect(notes).toEqual([]);
});

test('a class with an unknown name takes the category at its index, and the note says so', () => {
  const { categoryIds, notes } = mapClasses(['person', 'settee', 'toothbrush'], categories);
  expect(categoryIds).toEqual([1, 63, 90]);
  expect(notes).toEqual(['classes matched by position: settee = couch']);
});

test('nameless classes are matched by index', () => {
  expect(mapClasses(['class 0', 'class 1', 'class 2'], categories).categoryIds).toEqual([1, 63, 90]);
});

test('does not guess by index if known names have other indices', () => {
  const { categoryIds, notes } = mapClasses(['toothbrush', 'settee', 'person'], categories);
  expect(categoryIds).toEqual([90, undefined, 1]);
  expect(notes).toEqual(['1 of 3 classes have no category in the data set and are left out: settee']);
});

test("matches Darknet's and VOC's names to COCO's", () => {
  expect(mapClasses(['toothbrush', 'Sofa', 'person'], categories).categoryIds).toEqual([90, 63, 1]);
});

test('matches nothing for a model of other things', () => {
  expect(mapClasses(['circle', 'square', 'star'], categories).categoryIds).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('keeps classes apart that differ only in case', () => {
  const letters = [
    { id: 1, name: 'A' },
    { id: 2, name: 'a' },
  ];
  expect(mapClasses(['A', 'a'], letters).categoryIds).toEqual([1, 2]);
  expect(mapClasses(['a', 'A', 'b'], letters).categoryIds).toEqual([2, 1, undefined]);
  expect(mapClasses(['A', 'a'], [{ id: 5, name: 'a' }]).categoryIds).toEqual([undefined, 5]);
});

test.each([
  ['airplane', 'aeroplane'],
  ['motorcycle', 'motorbike'],
  ['couch', 'sofa'],
  ['potted plant', 'pottedplant'],
  ['dining table', 'diningtable'],
  ['tv', 'tvmonitor'],
])('%s and %s match by name, whichever belongs to the model', (official, darknet) => {
  for (const [ours, theirs] of [
    [official, darknet],
    [darknet, official],
  ] as const) {
    const data = [
      { id: 3, name: theirs },
      { id: 7, name: 'person' },
    ];
    expect(mapClasses(['person', ours], data)).toEqual({ categoryIds: [7, 3], notes: [] });
    expect(mapClasses(['person', ours.toUpperCase()], data).categoryIds).toEqual([7, 3]);
  }
});

test('prefers a class with the exact name to a synonym', () => {
  const both = [
    { id: 1, name: 'sofa' },
    { id: 2, name: 'couch' },
  ];
  expect(mapClasses(['couch'], both).categoryIds).toEqual([2]);
  expect(mapClasses(['couch', 'sofa'], both).categoryIds).toEqual([2, 1]);
  expect(mapClasses(['sofa', 'couch'], [{ id: 2, name: 'couch' }]).categoryIds).toEqual([undefined, 2]);
});
