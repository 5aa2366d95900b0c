import { expect, test } from 'vitest';
import { lowerBlockedStep } from '../../../../src/executors/onnx/blocked/lower.ts';
import { lowerPlainStep } from '../../../../src/executors/onnx/plain/lower.ts';
import { blockSize } from '../../../../src/executors/onnx/step/block-size.ts';
import { runLowered, runOnTensorFlow } from '../../../training/step/run-step.ts';
import { type StepCase, stepCase } from '../../../training/step/step-cases.ts';
import { backends } from '../backends.ts';
import { expectNoTensorLeft } from './small-step.ts';

const block = await blockSize();
const [{ loaded: tensorflow }] = backends;

/** Largest difference of a tensor's numbers, relative to the largest of them. */
function tensorError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [most, worst] = [0, 0];
  for (let place = 0; place < expected.length; place++) {
    most = Math.max(most, Math.abs(expected[place]!));
    worst = Math.max(worst, Math.abs(found[place]! - expected[place]!));
  }
  return worst / most;
}

test.skipIf(!tensorflow).each(['micro-yolo', 'yolov3-tiny'])(
  'a whole step of %s equals the compiled one in every state tensor',
  async (title) => {
    const item = stepCase(title);
    const lower = (graph: StepCase['step']['graph']) =>
      block === undefined ? lowerPlainStep(graph) : lowerBlockedStep(graph, block);
    const [expected] = await runLowered(lower, item);
    const [found] = await runOnTensorFlow(tensorflow!, item);
    expect(found!.state.size).toBe(expected!.state.size);
    for (const [name, { data }] of expected!.state) {
      expect(tensorError(found!.state.get(name)!.data, data), name).toBeLessThan(1e-4);
    }
  },
);

test.skipIf(!tensorflow)('neither 100 steps nor closing leak a tensor', () =>
  expectNoTensorLeft(tensorflow!, 100),
);
