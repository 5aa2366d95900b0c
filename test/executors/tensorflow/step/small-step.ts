import { expect } from 'vitest';
import type { TensorFlow } from '../../../../src/executors/tensorflow/load.ts';
import { TensorFlowStep } from '../../../../src/executors/tensorflow/step/step.ts';
import { type StepCase, stepCase } from '../../../training/step/step-cases.ts';

const { step, state, runs } = stepCase('a batch of 1');
const [{ batch, scalars }] = runs as [StepCase['runs'][number]];
const numbers = Object.entries(scalars).map(([key, value]) => [
  key,
  { shape: [], data: Float32Array.of(value) },
]);

/** The state that the step starts from. */
export { state };

/** All inputs of a step of a small network. */
export const feeds = { ...batch, ...Object.fromEntries(numbers) };

/** The step of a small network, ready to run. */
export const startStep = (tensorflow: TensorFlow) =>
  new TensorFlowStep(tensorflow, {
    graph: step.graph,
    next: step.next,
    finite: step.finite,
    state: Object.fromEntries(state),
  });

/** Number of tensors that a backend holds. */
export const tensors = ({ core }: TensorFlow) => core.memory().numTensors;

/** Runs the steps and closes the executor. */
export async function expectNoTensorLeft(tensorflow: TensorFlow, steps: number): Promise<void> {
  const before = tensors(tensorflow);
  const running = startStep(tensorflow);
  expect(tensors(tensorflow)).toBe(before + state.size);
  for (let count = 0; count < steps; count++) expect((await running.step(feeds)).accepted).toBe(true);
  expect(tensors(tensorflow)).toBe(before + state.size);
  await running.close();
  expect(tensors(tensorflow)).toBe(before);
}
