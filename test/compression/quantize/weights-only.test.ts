import { toBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { packWeights } from '../../../src/compression/quantize/weights-only.ts';
import { ModelProtoSchema } from '../../../src/executors/onnx/onnx-proto.ts';
import { run, smallGraph } from './small-graph.ts';

const distance = (found: Float32Array, expected: Float32Array) =>
  Math.sqrt(
    expected.reduce((sum, value, i) => sum + (value - found[i]!) ** 2, 0) /
      expected.reduce((sum, value) => sum + value ** 2, 0),
  );

test.each([
  [8, 0.02],
  [4, 0.4],
] as const)('weights of %i bits give nearly the same outputs', async (bits, most) => {
  const found = distance(await run(packWeights(smallGraph(), bits).model), await run(smallGraph()));
  expect(found).toBeGreaterThan(0);
  expect(found).toBeLessThan(most);
});

test('fewer bits take fewer bytes', () => {
  const size = (proto: ReturnType<typeof smallGraph>) => toBinary(ModelProtoSchema, proto).byteLength;
  const [whole, bytes] = [smallGraph(), packWeights(smallGraph(), 8).model].map(size);
  const half = size(packWeights(smallGraph(), 4).model);
  expect(bytes).toBeLessThan(whole! / 1.5);
  expect(half).toBeLessThan(whole! / 1.5);
});

test('small kernels are unchanged', () => {
  expect(packWeights(smallGraph(), 8).packed).toBe(3);
});
