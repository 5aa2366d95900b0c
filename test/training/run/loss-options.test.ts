import { beforeAll, describe, expect, test } from 'vitest';
import type { Dataset } from '../../../src/datasets/dataset.ts';
import { NetworkBuilder } from '../../../src/network/builder.ts';
import { lossOptions } from '../../../src/training/run/loss-options.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { drawnDataset, tinyRun } from './tiny-run.ts';

let dataset: Dataset;
beforeAll(async () => {
  // Four circles and three squares.
  dataset = await drawnDataset(temporaryFolder());
});

/** A network that lists its fine output first. */
function fineFirst() {
  const builder = new NetworkBuilder([3, 64, 64]);
  const fine = builder.conv('fine', 'input', { outChannels: 7, kernel: 1, stride: 16 });
  const coarse = builder.conv('coarse', 'input', { outChannels: 7, kernel: 1, stride: 32 });
  builder.yolo('fine.head', fine, { anchors: [[8, 8]], classes: 2 });
  builder.yolo('coarse.head', coarse, { anchors: [[32, 32]], classes: 2 });
  return builder.build('fine-first');
}

const optionsOf = (loss: Readonly<Record<string, unknown>>) =>
  lossOptions({ ...tinyRun(dataset, '', { loss }), network: fineFirst() });

describe('the loss of a run', () => {
  test('weighs outputs from the coarsest, in any order of the network', () => {
    expect(optionsOf({ scaleBalance: [3, 1] }).scaleBalance).toEqual([1, 3]);
    expect(() => optionsOf({ scaleBalance: [1] })).toThrow(
      'scaleBalance [1]: expected 2 numbers, one per output of fine-first, coarsest first',
    );
  });

  test('weighs classes by how often they occur in the data', () => {
    expect(optionsOf({}).classWeights).toBeUndefined();
    const [circles, squares] = optionsOf({ classWeights: 'inverse' }).classWeights!;
    expect(squares! / circles!).toBeCloseTo(4 / 3, 12);
    const [rootCircles, rootSquares] = optionsOf({ classWeights: 'sqrt' }).classWeights!;
    expect(rootSquares! / rootCircles!).toBeCloseTo(Math.sqrt(4 / 3), 12);
    const [one, five] = optionsOf({ classWeights: [1, 5] }).classWeights!;
    expect(five! / one!).toBeCloseTo(5, 12);
  });

  test.each([
    ['sim-ota', 'sim-ota'],
    ['task-aligned', 'task-aligned'],
    ['best-anchor', 'dense'],
    ['shape-ratio', 'dense'],
  ])('leaves %s to the assigner: %s', (assigner, who) => {
    expect(optionsOf({ assigner }).assigner).toBe(who);
  });
});
