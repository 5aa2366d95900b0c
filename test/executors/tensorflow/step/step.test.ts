import { describe, expect, test } from 'vitest';
import { TensorFlowGraph } from '../../../../src/executors/tensorflow/run.ts';
import { GraphBuilder } from '../../../../src/graph/builder.ts';
import { backends } from '../backends.ts';
import { expectNoTensorLeft, feeds, startStep, state, tensors } from './small-step.ts';

describe.each(backends)('on the backend $name', ({ loaded }) => {
  const there = test.skipIf(!loaded);

  // More of them are in step.full.test.ts.
  there('neither 3 steps nor closing leak a tensor', () => expectNoTensorLeft(loaded!, 3));

  there('a rejected step leaks no tensor and keeps the state', async () => {
    const running = startStep(loaded!);
    const before = tensors(loaded!);
    const image = { ...feeds['image']!, data: new Float32Array(feeds['image']!.data).fill(Number.NaN) };
    expect((await running.step({ ...feeds, image })).accepted).toBe(false);
    expect(tensors(loaded!)).toBe(before);
    const read = await running.read();
    for (const [key, { data }] of state) expect(read[key]!.data, key).toEqual(data);
    await running.close();
  });

  there('an error in the middle of a graph leaks no tensor', async () => {
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

  there('names an input with a wrong shape', async () => {
    const running = startStep(loaded!);
    const image = { shape: [1, 3, 2, 2], data: new Float32Array(12) };
    await expect(running.step({ ...feeds, image })).rejects.toThrow(
      'image: 1×3×2×2, the graph expects 1×3×32×32',
    );
    await running.close();
  });
});
