import { expect, test } from 'vitest';
import { annotationTable, type Dataset } from '../../../src/datasets/dataset.ts';
import { subsetDataset } from '../../../src/datasets/edit/subset.ts';
import { selectRows } from '../../../src/datasets/select.ts';
import { madeDataset } from '../made-dataset.ts';

const ids = ({ images }: Dataset) => images.map(({ id }) => id);

/** The data set with its images in reverse order. */
function reversed(dataset: Dataset): Dataset {
  const last = dataset.images.length - 1;
  const images = Int32Array.from(dataset.images, (_, place) => last - place);
  const rows = [...dataset.annotations.ids.keys()];
  return {
    ...dataset,
    images: dataset.images.toReversed(),
    annotations: selectRows(dataset.annotations, rows, { images }),
  };
}

test('keeps everything without a choice', () => {
  const { images, categories, annotations } = subsetDataset(madeDataset(), {});
  expect([images.length, categories.length, annotations.count]).toEqual([20, 3, 15]);
});

test('keeps only the chosen classes, with their ids', () => {
  const { categories } = subsetDataset(madeDataset(), { classes: ['dog', 'cat'] });
  expect(categories.map(({ id }) => id)).toEqual([17, 18]);
});

test('annotations keep their ids, boxes, classes and other fields', () => {
  const { images, categories, annotations } = subsetDataset(madeDataset(), { classes: ['dog'] });
  expect(annotations.ids[0]).toBe(1020);
  expect([...annotations.boxes.subarray(0, 4)]).toEqual([2, 2.5, 10.25, 20]);
  expect(images[annotations.images[0]!]?.id).toBe(102);
  expect(categories[annotations.categories[0]!]?.name).toBe('dog');
  expect(annotations.extraOf(0)).toEqual({ note: 102 });
});

test('removes images without the chosen classes', () => {
  expect(ids(subsetDataset(madeDataset(), { classes: ['dog'] }))).toEqual([102, 105, 108, 114, 117]);
});

test('keeps images without the chosen classes on request', () => {
  expect(subsetDataset(madeDataset(), { classes: ['dog'], keepEmpty: true }).images).toHaveLength(20);
});

test('removes empty images on request', () => {
  expect(subsetDataset(madeDataset(), { keepEmpty: false }).images).toHaveLength(15);
});

test('draws a number of images and keeps their order', () => {
  const drawn = ids(subsetDataset(madeDataset(), { images: 7 }));
  expect(drawn).toHaveLength(7);
  expect(drawn).toEqual(drawn.toSorted());
});

test('the same seed draws the same images', () => {
  const draw = () => ids(subsetDataset(madeDataset(), { images: 7, seed: 3 }));
  expect(draw()).toEqual(draw());
});

test('another seed draws other images', () => {
  const draw = (seed: number) => ids(subsetDataset(madeDataset(), { images: 7, seed }));
  expect(draw(1)).not.toEqual(draw(2));
});

test('does not depend on the order of the images', () => {
  const options = { images: 7, seed: 3 };
  const other = subsetDataset(reversed(madeDataset()), options);
  expect(ids(other).toSorted()).toEqual(ids(subsetDataset(madeDataset(), options)));
});

test('a smaller number of images is a subset of a larger one', () => {
  const draw = (images: number) => ids(subsetDataset(madeDataset(), { images }));
  expect(draw(10)).toEqual(expect.arrayContaining(draw(4)));
});

test('keeps all images if more are requested than exist', () => {
  expect(subsetDataset(madeDataset(), { images: 1000 }).images).toHaveLength(20);
});

test('refuses an unknown class with the nearest name', () => {
  expect(() => subsetDataset(madeDataset(), { classes: ['dgo'] })).toThrow(
    'class "dgo": the data set does not have it; did you mean dog?',
  );
});

test('refuses an invalid number of images', () => {
  expect(() => subsetDataset(madeDataset(), { images: -1 })).toThrow(
    'images -1: expected a whole number from 1',
  );
});

/** 60 images with a person each; every tenth also has a cat and every twentieth a dog. */
function unevenDataset(): Dataset {
  const images = Array.from({ length: 60 }, (_, place) => ({
    ...{ id: place, fileName: `${place}.jpg` },
    ...{ width: 9, height: 9 },
  }));
  const rows = images.flatMap(({ id }) =>
    [1, 10, 20].flatMap((every, category) =>
      id % every === 0
        ? [{ id: id * 3 + category, image: id, category, box: [1, 1, 3, 3] as const, area: 9, crowd: false }]
        : [],
    ),
  );
  return madeDataset({ images, annotations: annotationTable(rows) });
}

test('draws rare classes first if balanced', () => {
  const { annotations } = subsetDataset(unevenDataset(), { images: 6, balance: true });
  const boxes = [0, 1, 2].map(
    (place) => annotations.categories.filter((category) => category === place).length,
  );
  expect(boxes).toEqual([6, 6, 3]);
});

test('a balanced subset is the same for the same seed, whatever the order of the images', () => {
  const options = { images: 12, seed: 4, balance: true };
  const one = ids(subsetDataset(unevenDataset(), options));
  expect(one).toHaveLength(12);
  expect(ids(subsetDataset(reversed(unevenDataset()), options)).toSorted((a, b) => a - b)).toEqual(one);
  expect(ids(subsetDataset(unevenDataset(), { ...options, seed: 5 }))).not.toEqual(one);
});

test('refuses balancing without a number of images', () => {
  expect(() => subsetDataset(madeDataset(), { balance: true })).toThrow(
    'balance: needs the number of images',
  );
});
