import { expect, test } from 'vitest';
import {
  batchesPerEpoch,
  epochOrder,
  mixSeeds,
  nextPosition,
  planBatch,
} from '../../../src/training/loader/order.ts';

const images = [3, 5, 8, 13, 21, 34, 55];

test('an epoch has each image once, in its own order', () => {
  const orders = [0, 1, 2].map((epoch) => epochOrder(images, 1, epoch));
  for (const order of orders) expect(order.toSorted((a, b) => a - b)).toEqual(images);
  expect(new Set(orders.map(String)).size).toBe(3);
  expect(epochOrder(images, 1, 0)).toEqual(orders[0]);
  expect(epochOrder(images, 2, 0)).not.toEqual(orders[0]);
});

test('fills up the last batch from the start, with other seeds', () => {
  const order = epochOrder(images, 1, 0);
  expect(batchesPerEpoch(images.length, 3)).toBe(3);
  const all = [0, 1, 2].flatMap((batch) => planBatch(order, 3, 1, { epoch: 0, batch }));
  expect(all.map(({ image }) => image)).toEqual([...order, order[0], order[1]]);
  expect(new Set(all.map(({ seed }) => seed)).size).toBe(9);
});

test('repeats a set smaller than a batch within it', () => {
  const samples = planBatch([4], 3, 1, { epoch: 0, batch: 0 });
  expect(samples.map(({ image }) => image)).toEqual([4, 4, 4]);
  expect(new Set(samples.map(({ seed }) => seed)).size).toBe(3);
});

test('positions continue across epochs', () => {
  expect(nextPosition({ epoch: 0, batch: 0 }, 2)).toEqual({ epoch: 0, batch: 1 });
  expect(nextPosition({ epoch: 0, batch: 1 }, 2)).toEqual({ epoch: 1, batch: 0 });
});

test('neighboring seeds differ in about half of their bits', () => {
  const bits = (value: number) => value.toString(2).replaceAll('0', '').length;
  const distances = Array.from({ length: 1000 }, (_, i) => bits((mixSeeds(1, i) ^ mixSeeds(1, i + 1)) >>> 0));
  const mean = distances.reduce((sum, value) => sum + value, 0) / distances.length;
  expect(mean).toBeGreaterThan(14);
  expect(mean).toBeLessThan(18);
});
