import { parentPort } from 'node:worker_threads';
import type { ErrorCode } from '../../foundation/errors/errors.ts';
import { plainError } from '../../foundation/errors/plain-error.ts';
import type { SessionTensors } from '../onnx/session.ts';
import type { Answer, Request } from './messages.ts';
import type { Device, StepResult } from './step-executor.ts';

/** A step with its state, in the thread that computes it. */
export interface ServedStep {
  readonly device: Device;
  step(feeds: SessionTensors): Promise<StepResult>;
  read(): Promise<SessionTensors>;
  write(state: SessionTensors): Promise<void>;
  close(): Promise<void>;
}

/** Answers the requests that come to this worker thread, one after the other, until it is asked to close. */
export function serve(open: () => Promise<ServedStep>): void {
  const port = parentPort!;
  const answer = (message: Answer) => port.postMessage(message);
  const fail = (error: unknown, otherwise?: ErrorCode) =>
    answer({ type: 'failed', error: plainError(error, otherwise) });
  const handle = async (served: ServedStep, request: Request): Promise<Answer> => {
    switch (request.type) {
      case 'step':
        return { type: 'step', result: await served.step(request.feeds) };
      case 'read':
        return { type: 'state', state: await served.read() };
      case 'write':
        await served.write(request.state);
        return { type: 'done' };
      case 'close':
        await served.close();
        return { type: 'done' };
    }
  };
  const start = async () => {
    const served = await open();
    let queue = Promise.resolve();
    port.on('message', (request: Request) => {
      queue = queue.then(async () => {
        await handle(served, request).then(answer, (error: unknown) => fail(error));
        if (request.type === 'close') port.close();
      });
    });
    answer({ type: 'ready', device: served.device });
  };
  start().catch((error: unknown) => {
    // A runtime or a GPU that is not there, or not whole, says so in its own words.
    fail(error, 'unsupported');
    port.close();
  });
}
