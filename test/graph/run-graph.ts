import { encodeOnnx } from '../../src/executors/onnx/file.ts';
import { lowerPlain } from '../../src/executors/onnx/plain/lower.ts';
import { createSession, type SessionTensor } from '../../src/executors/onnx/session/session.ts';
import type { BoundGraph } from '../../src/graph/passes/fold.ts';

export type Named = Readonly<Record<string, SessionTensor>>;

/** A graph's outputs from ONNX Runtime, on one thread. */
export async function runGraph(bound: BoundGraph, feeds: Named): Promise<Named> {
  await using session = await createSession(encodeOnnx(lowerPlain(bound, 'test')), { threads: 1 });
  return await session.run(feeds);
}

export { largestError as relativeError } from './reference/largest-error.ts';
