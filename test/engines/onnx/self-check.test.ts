import { describe, expect, test } from 'vitest';
import { blockSize } from '../../../src/engines/onnx/block-size.ts';
import { checkBlocked } from '../../../src/engines/onnx/self-check.ts';

const block = await blockSize();

describe.skipIf(block === undefined)('the self-check', () => {
  test('finds nothing wrong with the block size of this machine', async () => {
    expect(await checkBlocked(block!)).toBeUndefined();
  });

  test.each([2, 0.5])('finds that %d times that block size computes wrongly', async (factor) => {
    expect(await checkBlocked(block! * factor)).toBeTypeOf('string');
  });
});
