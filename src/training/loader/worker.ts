/** A thread that makes batches. */
import { parentPort, workerData } from 'node:worker_threads';
import { type PlainError, plainError } from '../../foundation/errors/plain-error.ts';
import { BatchMaker, type BatchSettings, type BatchTask, type MadeBatch } from './batch-maker.ts';

/** The answer to a task. Answers arrive in the order of the tasks. */
export type BatchAnswer =
  | { readonly type: 'batch'; readonly batch: MadeBatch }
  | { readonly type: 'failed'; readonly error: PlainError };

const port = parentPort!;
const maker = await BatchMaker.create(workerData as BatchSettings);

async function answer(task: BatchTask): Promise<void> {
  try {
    const batch = await maker.make(task);
    const buffers = Object.values(batch.tensors).map(({ data }) => data.buffer as ArrayBuffer);
    port.postMessage({ type: 'batch', batch } satisfies BatchAnswer, buffers);
  } catch (error) {
    port.postMessage({ type: 'failed', error: plainError(error) } satisfies BatchAnswer);
  }
}

// One by one, so that answers have the order of the tasks.
let queue = Promise.resolve();
port.on('message', (task: BatchTask) => {
  queue = queue.then(() => answer(task));
});
