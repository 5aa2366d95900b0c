import { beforeAll, describe, expect, test } from 'vitest';
import { pruneSmallest } from '../../../src/compression/share/deep-compression.ts';
import { sharedValues, shareWeights } from '../../../src/compression/share/share-weights.ts';
import type { Dataset } from '../../../src/datasets/dataset.ts';
import type { Tensor, Tensors } from '../../../src/graph/operations.ts';
import { readCheckpoint } from '../../../src/training/run/checkpoint.ts';
import type { TrainingRun } from '../../../src/training/run/run.ts';
import { train } from '../../../src/training/run/trainer.ts';
import { EqualWeights } from '../../../src/training/step/equal-weights.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { drawnDataset, tinyRun } from './tiny-run.ts';

let dataset: Dataset;
beforeAll(async () => {
  dataset = await drawnDataset(temporaryFolder());
});

const isKernel = (name: string, { shape, data }: Tensor) =>
  !name.includes('/') && shape.length > 1 && data.length > 64;

/** A run whose kernels are changed first. */
async function runFrom(change: (kernel: Tensor) => Tensor, settings: Record<string, unknown>) {
  const run: TrainingRun = tinyRun(dataset, temporaryFolder(), settings);
  const weights = new Map(
    [...run.weights].map(([name, tensor]) => [name, isKernel(name, tensor) ? change(tensor) : tensor]),
  );
  return { ...run, weights };
}

/** Weights and averages of a run's kernels at its end. */
async function kernelsOf({ folder }: TrainingRun): Promise<Tensors> {
  const { state } = await readCheckpoint(folder);
  return new Map([...state].filter(([name, tensor]) => isKernel(name.replace('average/', ''), tensor)));
}

const half = (kernel: Tensor) => pruneSmallest(kernel, 0.5);
const zeros = ({ data }: Tensor) => [...data.keys()].filter((place) => data[place] === 0);

describe.each([
  ['AdamW', { kind: 'adamW', learningRate: 0.01 }],
  ['SGD', { kind: 'sgd', learningRate: 0.01 }],
])('with %s', (_, optimizer) => {
  test('weights that are 0 stay 0, and the others change', async () => {
    const run = await runFrom(half, { constraint: 'zeros', optimizer });
    await train(run);
    for (const [name, kernel] of await kernelsOf(run)) {
      const start = run.weights.get(name.replace('average/', ''))!;
      expect(zeros(kernel)).toEqual(zeros(start));
      expect(kernel.data).not.toEqual(start.data);
    }
  });

  test('equal weights stay equal, zeros stay 0, and each number changes', async () => {
    const share = (kernel: Tensor) => sharedValues(shareWeights(half(kernel), { centers: 8 }));
    const run = await runFrom(share, { constraint: 'equal', optimizer });
    await train(run);
    for (const [name, kernel] of await kernelsOf(run)) {
      const start = run.weights.get(name.replace('average/', ''))!;
      const moved = new Map<number, number>();
      start.data.forEach((value, place) => {
        expect(kernel.data[place]).toBe(moved.get(value) ?? kernel.data[place]);
        moved.set(value, kernel.data[place]!);
      });
      expect(moved.get(0)).toBe(0);
      expect([...moved].some(([before, after]) => before !== after)).toBe(true);
    }
  });
});

test('zeros change without a constraint', async () => {
  const run = await runFrom(half, {});
  await train(run);
  for (const kernel of (await kernelsOf(run)).values()) expect(zeros(kernel)).toEqual([]);
});

test('a shared number changes by the mean update of its weights, and so do momenta', () => {
  const kernel = { shape: [2, 3], data: Float32Array.of(1, 1, 2, 2, 0, 0) };
  const equal = new EqualWeights(new Map([['conv.weight', kernel]]));
  const state = new Map([
    ['conv.weight', { shape: [2, 3], data: Float32Array.of(1.5, 2.5, 3, 5, 0, 0) }],
    ['momentum/conv.weight', { shape: [2, 3], data: Float32Array.of(1, 3, -1, 1, 0, 0) }],
    ['other.weight', { shape: [1, 2], data: Float32Array.of(1, 2) }],
  ]);
  const projected = equal.project(state);
  expect([...projected.keys()]).toEqual(['conv.weight', 'momentum/conv.weight']);
  expect([...projected.get('conv.weight')!.data]).toEqual([2, 2, 4, 4, 0, 0]);
  expect([...projected.get('momentum/conv.weight')!.data]).toEqual([2, 2, 0, 0, 0, 0]);
});
