import { describe, expect, test } from 'vitest';
import { blockSize } from '../../src/engines/onnx/block-size.ts';
import { checkBlocked } from '../../src/engines/onnx/check-blocked.ts';
import { EXPECTED, fingerprint } from '../../src/engines/self-check.ts';
import { tinyContents, tinyStep } from '../../src/engines/tiny-step.ts';
import { runReference } from '../../src/graph/reference/run.ts';

const block = await blockSize();

describe.skipIf(block === undefined)('the self-check', () => {
  test('finds nothing wrong with the block size of this machine', async () => {
    expect(await checkBlocked(block!)).toBeUndefined();
  });

  test.each([2, 0.5])('finds that %d times that block size computes wrongly', async (factor) => {
    expect(await checkBlocked(block! * factor)).toBeTypeOf('string');
  });
});

test('the self-check expects what double precision gives', () => {
  const graph = tinyStep();
  const right = runReference(graph, tinyContents(graph));
  const found = graph.parameters.map(({ name }) => {
    return [name, fingerprint(right.get(`gradient/${name}`)!.data).product];
  });
  expect(Object.keys(EXPECTED)).toEqual(found.map(([name]) => name));
  for (const [name, product] of found) expect(EXPECTED[name as string]).toBeCloseTo(product as number, 9);
});
