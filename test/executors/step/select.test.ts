import { expect, test } from 'vitest';
import { lowerBlockedStep } from '../../../src/executors/onnx/blocked/lower.ts';
import { tuneGradients } from '../../../src/executors/onnx/step/autotune.ts';
import { blockSize } from '../../../src/executors/onnx/step/block-size.ts';
import { createEngine } from '../../../src/executors/step/select.ts';
import { stepCase } from '../../training/step/step-cases.ts';

const { step, state } = stepCase('a batch of 2');
const block = await blockSize();

test('auto trains in blocks if the machine has them', async () => {
  const { engine } = await createEngine(step, 2, state);
  await using created = engine;
  expect(created.name).toBe(block === undefined ? 'onnx-plain' : 'onnx-blocked');
});

test.runIf(process.arch === 'x64')('this kind of machine has blocks', () => {
  expect([8, 16]).toContain(block);
});

test('the plain layout is always available', async () => {
  const { engine, choices } = await createEngine(step, 2, state, { engine: 'onnx-plain' });
  await using created = engine;
  expect([created.name, choices]).toEqual(['onnx-plain', {}]);
});

test('refuses an unknown engine', async () => {
  const engine = 'cuda' as 'auto';
  await expect(createEngine(step, 2, state, { engine })).rejects.toThrow(
    'engine "cuda": expected auto, onnx-blocked',
  );
});

test('reports options that the engine does not use', async () => {
  const notes: string[] = [];
  const options = {
    engine: 'onnx-plain',
    tune: true,
    threads: 1,
    onNote: (note: string) => notes.push(note),
  } as const;
  const { engine } = await createEngine(step, 2, state, options);
  await engine[Symbol.asyncDispose]();
  expect(notes).toEqual(['tune: ignored, because onnx-plain has only one form of each gradient']);
});

test.skipIf(block === undefined)('measured choices are possible ones and are remembered', async () => {
  const { possible } = lowerBlockedStep(step.graph, block!);
  const measured = await tuneGradients(step.graph, block!, 1);
  expect(Object.keys(measured).sort()).toEqual(Object.keys(possible).sort());
  for (const [key, form] of Object.entries(measured)) expect(possible[key]).toContain(form);
  expect(lowerBlockedStep(step.graph, block!, measured).choices).toEqual(measured);
});
