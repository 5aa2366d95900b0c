import { expect, test } from 'vitest';
import { train } from '../../../src/training/run/trainer.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { drawnDataset, tinyRun } from './tiny-run.ts';

const MEBIBYTE = 2 ** 20;

test('memory stays flat over a run of six hundred steps, with loader, augmentation and checkpoints', async () => {
  const dataset = await drawnDataset(temporaryFolder(), 8);
  const run = tinyRun(dataset, temporaryFolder(), { epochs: 150, workers: 2, checkpointMinutes: 5 });
  const memory: number[] = [];
  await train(run, (event) => {
    if (event.type === 'step') memory.push(process.memoryUsage.rss() / MEBIBYTE);
  });
  expect(memory).toHaveLength(600);
  const most = (from: number, until: number) => Math.max(...memory.slice(from, until));
  // The first hundred steps fill caches and the heap's spare room.
  expect(most(400, 600)).toBeLessThan(most(100, 300) + 48);
});
