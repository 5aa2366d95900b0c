import { describe, expect, test } from 'vitest';
import { blockSize } from '../../../src/executors/onnx/step/block-size.ts';
import { checkBlocked } from '../../../src/executors/onnx/step/check-blocked.ts';
import { EXPECTED, fingerprint } from '../../../src/executors/step/self-check.ts';
import { tinyContents, tinyStep } from '../../../src/executors/step/tiny-step.ts';
import { runReference } from '../../../src/graph/reference/run.ts';

const block = await blockSize();

describe.skipIf(block === undefined)('the self-check', () => {
  test('accepts the block size of this machine', async () => {
    expect(await checkBlocked(block!)).toBeUndefined();
  });

  test.each([2, 0.5])('detects that %d times that block size computes wrongly', async (factor) => {
    expect(await checkBlocked(block! * factor)).toBeTypeOf('string');
  });
});

test('the self-check expects the double-precision results', () => {
  const graph = tinyStep();
  const right = runReference(graph, tinyContents(graph));
  const found = graph.parameters.map(({ name }) => {
    return [name, fingerprint(right.get(`gradient/${name}`)!.data).product];
  });
  expect(Object.keys(EXPECTED)).toEqual(found.map(([name]) => name));
  for (const [name, product] of found) expect(EXPECTED[name as string]).toBeCloseTo(product as number, 9);
});
