import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { mapParallel } from '../../src/foundation/parallel.ts';

test('results keep the order of the items', async () => {
  const doubled = await mapParallel([3, 1, 2], 2, async (delay) => {
    await setTimeout(delay);
    return 2 * delay;
  });
  expect(doubled).toEqual([6, 2, 4]);
});

test('starts no further item after a failure', async () => {
  const started: number[] = [];
  const items = Array.from({ length: 100 }, (_, index) => index);
  const work = mapParallel(items, 4, async (item) => {
    started.push(item);
    await setTimeout(1);
    if (item === 1) throw new Error('one');
  });
  await expect(work).rejects.toThrow('one');
  await setTimeout(50);
  expect(started.length).toBeLessThan(10);
});
