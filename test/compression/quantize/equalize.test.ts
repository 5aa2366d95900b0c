import { expect, test } from 'vitest';
import { equalizeWeights } from '../../../src/compression/quantize/equalize.ts';
import { viewGraph } from '../../../src/compression/quantize/graph.ts';
import { tensorFloats } from '../../../src/executors/onnx/tensor-data.ts';
import { run, smallGraph } from './small-graph.ts';

const { model, pairs } = equalizeWeights(smallGraph());

test('equalizes neighbors with ReLU or nothing between them', () => {
  expect(pairs).toBe(2);
});

test('an equalized graph computes the same', async () => {
  const [found, expected] = [await run(model), await run(smallGraph())];
  const errors = expected!.map((value, i) => Math.abs(value - found![i]!));
  expect(Math.max(...errors)).toBeLessThan(1e-4);
});

test('a channel has the same range on both sides', () => {
  const { constants } = viewGraph(model);
  const [depthwise, pointwise] = ['depthwise.weight', 'pointwise.weight'].map((name) =>
    tensorFloats(constants.get(name)!),
  );
  for (let channel = 0; channel < 8; channel++) {
    const given = Math.max(...depthwise!.subarray(9 * channel, 9 * channel + 9).map(Math.abs));
    const taken = Math.max(...pointwise!.filter((_, i) => i % 8 === channel).map(Math.abs));
    expect(given / taken).toBeCloseTo(1, 4);
  }
});
