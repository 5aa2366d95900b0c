import { describe, test } from 'vitest';
import { executions, expectNearPyTorch, LARGE } from './near-pytorch.ts';

for (const [name, run] of executions) {
  describe.skipIf(!run)(`a training step ${name}`, () => {
    test.each(LARGE)("comes as near to PyTorch in float64 as PyTorch's float32 does: %s", (title) =>
      expectNearPyTorch(run!, title),
    );
  });
}
