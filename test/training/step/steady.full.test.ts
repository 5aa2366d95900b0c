import { expect, test } from 'vitest';
import { createEngine } from '../../../src/executors/step/select.ts';
import { stepCase } from './step-cases.ts';

const MEBIBYTE = 2 ** 20;

test('memory stays flat over a thousand steps', async () => {
  const { step, state, runs } = stepCase('micro-yolo');
  const [{ batch, scalars }] = runs as [(typeof runs)[number]];
  const gentle = Object.fromEntries(
    Object.entries(scalars).map(([name, value]) => [name, name.startsWith('learningRate') ? 1e-4 : value]),
  );
  await using engine = (await createEngine(step, 2, state)).engine;
  const run = async (steps: number) => {
    for (let index = 0; index < steps; index++) await engine.step(batch, gentle);
    return process.memoryUsage.rss() / MEBIBYTE;
  };
  const early = await run(200);
  const late = await run(800);
  expect(late).toBeLessThan(early + 64);
});
