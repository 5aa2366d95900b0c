import { expect, test } from 'vitest';
import { runReference } from '../../../src/graph/reference/run.ts';
import { examine } from '../../../src/tasks/doctor/examine.ts';
import { matrixProduct } from '../../../src/tasks/doctor/matrix-product.ts';

test('accepts the double-precision matrix product and nothing else', () => {
  const { graph, feeds, isRight } = matrixProduct(12);
  const { shape, data } = runReference(graph, new Map(Object.entries(feeds))).get('product')!;
  const right = { shape, data: Float32Array.from(data) };
  expect(isRight(right)).toBe(true);
  expect(isRight({ ...right, data: right.data.map((value, place) => value + (place === 70 ? 1 : 0)) })).toBe(
    false,
  );
  expect(isRight(feeds.matrix)).toBe(false);
});

test('measures ONNX Runtime on the CPU in a separate process', async () => {
  const { device, gflops, problem } = await examine('onnx');
  expect(problem).toBeUndefined();
  expect(device).toEqual({ kind: 'cpu', name: 'CPU' });
  expect(gflops).toBeGreaterThan(0.01);
});

test('gives up on a runtime that does not answer', async () => {
  expect((await examine('onnx', 1)).problem).toBe('no answer within 0.001 s');
});
