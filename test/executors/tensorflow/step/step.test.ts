import { describe, expect, test } from 'vitest';
import { lowerBlockedStep } from '../../../../src/executors/onnx/blocked/lower.ts';
import { lowerPlainStep } from '../../../../src/executors/onnx/plain/lower.ts';
import { blockSize } from '../../../../src/executors/onnx/step/block-size.ts';
import type { TensorFlow } from '../../../../src/executors/tensorflow/load.ts';
import { TensorFlowGraph } from '../../../../src/executors/tensorflow/run.ts';
import { TensorFlowStep } from '../../../../src/executors/tensorflow/step/step.ts';
import { GraphBuilder } from '../../../../src/graph/builder.ts';
import { runLowered, runOnTensorFlow } from '../../../training/step/run-step.ts';
import { type StepCase, stepCase } from '../../../training/step/step-cases.ts';
import { backends } from '../backends.ts';

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

const tensors = ({ core }: TensorFlow) => core.memory().numTensors;

describe.each(backends)('on the backend $name', ({ name, loaded }) => {
  const there = test.skipIf(!loaded);
  // Those that a CPU computes in a GPU's stead take seconds a step.
  const steps = name === 'tensorflow' ? 100 : 3;
  const { step, state, runs } = stepCase('a batch of 1');
  const [{ batch, scalars }] = runs as [StepCase['runs'][number]];
  const numbers = Object.entries(scalars).map(([key, value]) => [
    key,
    { shape: [], data: Float32Array.of(value) },
  ]);
  const feeds = { ...batch, ...Object.fromEntries(numbers) };
  const start = () =>
    new TensorFlowStep(loaded!, {
      graph: step.graph,
      next: step.next,
      finite: step.finite,
      state: Object.fromEntries(state),
    });

  there(`${steps} steps leave no tensor behind, nor does closing`, async () => {
    const before = tensors(loaded!);
    const running = start();
    expect(tensors(loaded!)).toBe(before + state.size);
    for (let count = 0; count < steps; count++) expect((await running.step(feeds)).accepted).toBe(true);
    expect(tensors(loaded!)).toBe(before + state.size);
    await running.close();
    expect(tensors(loaded!)).toBe(before);
  });

  there('a step that is not accepted leaves no tensor behind and the state as it was', async () => {
    const running = start();
    const before = tensors(loaded!);
    const image = { ...feeds['image']!, data: new Float32Array(feeds['image']!.data).fill(Number.NaN) };
    expect((await running.step({ ...feeds, image })).accepted).toBe(false);
    expect(tensors(loaded!)).toBe(before);
    const read = await running.read();
    for (const [key, { data }] of state) expect(read[key]!.data, key).toEqual(data);
    await running.close();
  });

  there('an error in the middle of a graph leaves no tensor behind', async () => {
    const graph = new GraphBuilder();
    const doubled = graph.linear(graph.input('x', [2, 3]), 2);
    const matMul = { op: 'matMul', transposeA: false, transposeB: false } as const;
    graph.output('y', graph.apply(matMul, graph.unary('exp', doubled), graph.parameter('w', [3, 4])));
    const before = tensors(loaded!);
    {
      const wrong = new Map([['w', { shape: [5, 4], data: new Float32Array(20) }]]);
      await using runner = new TensorFlowGraph(loaded!, { graph: graph.build(), tensors: wrong });
      await expect(runner.run({ x: { shape: [2, 3], data: new Float32Array(6) } })).rejects.toThrow();
    }
    expect(tensors(loaded!)).toBe(before);
  });

  there('names an input of a wrong shape', async () => {
    const running = start();
    const image = { shape: [1, 3, 2, 2], data: new Float32Array(12) };
    await expect(running.step({ ...feeds, image })).rejects.toThrow(
      'image: 1×3×2×2, the graph expects 1×3×32×32',
    );
    await running.close();
  });
});
