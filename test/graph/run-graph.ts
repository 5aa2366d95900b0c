import type { BoundGraph } from '../../src/graph/passes/fold.ts';
import { encodeOnnx } from '../../src/onnx/file.ts';
import { lowerPlain } from '../../src/onnx/plain/lower.ts';
import { createSession, type SessionTensor } from '../../src/runtime/node.ts';

export type Named = Readonly<Record<string, SessionTensor>>;

/** A graph's outputs by ONNX Runtime, on one thread. */
export async function runGraph(bound: BoundGraph, feeds: Named): Promise<Named> {
  await using session = await createSession(encodeOnnx(lowerPlain(bound, 'test')), { threads: 1 });
  return await session.run(feeds);
}

/** Largest of |a − b| / max(1, |b|); infinite where the shapes differ or a value is no number. */
export function relativeError(actual: SessionTensor | undefined, expected: SessionTensor): number {
  if (actual?.shape.join() !== expected.shape.join()) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const [a, b] = [actual.data[i]!, expected.data[i]!];
    const error = Math.abs(a - b) / Math.max(1, Math.abs(b));
    if (!(error <= worst)) worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
  }
  return worst;
}
