import { expect, test } from 'vitest';
import { type AnnotationRow, annotationTable, type Dataset } from '../../../../src/datasets/dataset.ts';
import { type SplitOptions, splitDataset } from '../../../../src/datasets/edit/split/split-dataset.ts';
import { selectPart } from '../../../../src/datasets/select.ts';
import { uniformRandom } from '../../../../src/foundation/random.ts';
import { madeDataset } from '../../made-dataset.ts';

/** Images with boxes of random classes, some of them rare, and some images without any. */
function randomDataset(seed: number, count: number, classes = 6): Dataset {
  const random = uniformRandom(seed);
  const images = Array.from({ length: count }, (_, place) => ({
    ...{ id: place + 1, fileName: `${seed}-${place}.jpg` },
    ...{ width: 100, height: 100 },
  }));
  const rows = images.flatMap((_, image): AnnotationRow[] =>
    Array.from({ length: Math.floor(5 * random()) }, () => ({
      ...{ id: Math.floor(1e9 * random()), image, category: Math.floor(classes * random() ** 2) },
      ...{ box: [1, 1, 9, 9] as const, area: 81, crowd: random() < 0.1 },
    })),
  );
  const categories = Array.from({ length: classes }, (_, id) => ({ id, name: `class ${id}` }));
  return { images, categories, annotations: annotationTable(rows), imageFolder: 'images', extra: {} };
}

const names = ({ images }: Dataset) => images.map(({ fileName }) => fileName);
const named = (dataset: Dataset, options: SplitOptions) =>
  Object.fromEntries([...splitDataset(dataset, options)].map(([split, part]) => [split, names(part)]));

/** The images in a data set that have a class. */
function imagesOf({ annotations }: Dataset, category: number): number {
  const rows = [...annotations.categories.keys()].filter((row) => annotations.categories[row] === category);
  return new Set(rows.map((row) => annotations.images[row])).size;
}

const SEEDS = Array.from({ length: 8 }, (_, seed) => seed + 1);

test('every image is in exactly one split, with all its boxes', () => {
  for (const seed of SEEDS) {
    const dataset = randomDataset(seed, 20 + 15 * seed);
    const parts = [...splitDataset(dataset, { val: 0.2, test: 0.1, seed }).values()];
    expect(parts.flatMap(names).sort()).toEqual(names(dataset).sort());
    expect(parts.flatMap(({ annotations }) => [...annotations.ids]).sort()).toEqual(
      [...dataset.annotations.ids].sort(),
    );
  }
});

test('without groups, the sizes are exactly as requested', () => {
  for (const seed of SEEDS) {
    const count = 20 + 17 * seed;
    const parts = splitDataset(randomDataset(seed, count), { val: 0.25, test: 0.15, seed });
    expect(parts.get('val')!.images).toHaveLength(Math.round(0.25 * count));
    expect(parts.get('test')!.images).toHaveLength(Math.round(0.15 * count));
  }
});

test('keeps groups whole, with sizes within one group of the request', () => {
  for (const seed of SEEDS) {
    const count = 60 + 9 * seed;
    const random = uniformRandom(seed);
    const groups = Int32Array.from({ length: count }, () => Math.floor((random() * count) / 3));
    const dataset = randomDataset(seed, count);
    const parts = splitDataset(dataset, { val: 0.2, test: 0.2, seed, groups });
    const groupOf = new Map(names(dataset).map((name, place) => [name, groups[place]!]));
    const inSplits = [...parts.values()].map((part) => new Set(names(part).map((name) => groupOf.get(name))));
    expect(inSplits.reduce((sum, { size }) => sum + size, 0)).toBe(new Set(groups).size);
    const largest = Math.max(...groups.map((group) => groups.filter((other) => other === group).length));
    expect(Math.abs(parts.get('val')!.images.length - 0.2 * count)).toBeLessThanOrEqual(largest);
    expect(Math.abs(parts.get('test')!.images.length - 0.2 * count)).toBeLessThanOrEqual(largest);
  }
});

test('a class with as many images as there are splits occurs in each', () => {
  for (const seed of SEEDS) {
    const dataset = randomDataset(seed, 100, 12);
    const parts = [...splitDataset(dataset, { val: 0.2, test: 0.2, seed }).values()];
    for (const category of dataset.categories.keys()) {
      if (imagesOf(dataset, category) < 3) continue;
      for (const part of parts) expect(imagesOf(part, category), `seed ${seed}`).toBeGreaterThan(0);
    }
  }
});

test('each split gets its share of the images of each class', () => {
  for (const seed of SEEDS) {
    const dataset = randomDataset(seed, 400);
    const part = splitDataset(dataset, { val: 0.25, seed }).get('val')!;
    for (const category of dataset.categories.keys()) {
      expect(Math.abs(imagesOf(part, category) - 0.25 * imagesOf(dataset, category))).toBeLessThanOrEqual(2);
    }
  }
});

test('the same seed gives the same splits, and another seed different ones', () => {
  const dataset = randomDataset(1, 80);
  const options = { val: 0.2, test: 0.1, seed: 5 };
  expect(named(dataset, options)).toEqual(named(dataset, options));
  expect(named(dataset, { ...options, seed: 6 })).not.toEqual(named(dataset, options));
});

test('does not depend on the order of the images and classes', () => {
  const dataset = randomDataset(3, 90);
  const places = [...dataset.images.keys()].reverse();
  const categories = [...dataset.categories.keys()].reverse();
  const sorted = (parts: Record<string, readonly string[]>) =>
    Object.entries(parts).map(([split, files]) => [split, [...files].sort()]);
  const options = { val: 0.2, test: 0.1 };
  expect(sorted(named(selectPart(dataset, places, categories), options))).toEqual(
    sorted(named(dataset, options)),
  );
});

test('all splits have all categories, and boxes keep crowd, id and other fields', () => {
  const dataset = madeDataset();
  const parts = [...splitDataset(dataset, { val: 0.3 }).values()];
  const notes: unknown[] = [];
  let crowds = 0;
  for (const { categories, annotations } of parts) {
    expect(categories).toEqual(dataset.categories);
    for (let row = 0; row < annotations.count; row++) {
      notes.push(annotations.extraOf(row)['note']);
      expect(annotations.ids[row]).toBe(10 * (annotations.extraOf(row)['note'] as number));
      crowds += annotations.crowd[row]!;
    }
  }
  expect([notes.length, new Set(notes).size, crowds]).toEqual([15, 15, 1]);
});

test.for([
  [{}, 'val: missing, expected a number between 0 and 1; pass val 0.2'],
  [{ val: 0 }, 'val 0: expected a share between 0 and 1'],
  [{ val: 1 }, 'val 1: expected a share between 0 and 1'],
  [{ val: Number.NaN }, 'val NaN: expected a share between 0 and 1'],
  [{ val: 0.6, test: 0.4 }, 'val 0.6 and test 0.4: nothing is left to train on'],
  [{ val: 0.01 }, 'val 0.01: selects none of 20 images, expected at least one; pass 0.05 or more'],
  [{ val: 0.98 }, 'val 0.98: leave none of 20 images to train on'],
  [{ val: 0.2, seed: 0.5 }, 'seed 0.5: expected a whole number'],
  [{ val: 0.2, groups: [1, 2] }, 'groups: 2 numbers, expected one for each of 20 images'],
  [{ val: 0.2, groups: new Int32Array(20) }, 'expected at least 2'],
] as const)('%o is refused in one line', ([options, message]) => {
  expect(() => splitDataset(madeDataset(), options)).toThrow(message);
});

test('each split gets one of two large groups', () => {
  const groups = Array.from({ length: 20 }, (_, place) => place % 2);
  const parts = splitDataset(madeDataset(), { val: 0.1, groups });
  expect([...parts.values()].map(({ images }) => images.length)).toEqual([10, 10]);
});

test('no split is empty if there are enough groups, even large ones', () => {
  const data = selectPart(madeDataset(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const groups = [0, 0, 0, 0, 0, 0, 1, 1, 2, 2];
  const parts = splitDataset(data, { val: 0.1, test: 0.1, groups });
  expect([...parts.values()].map(({ images }) => images.length)).toEqual([6, 2, 2]);
});
