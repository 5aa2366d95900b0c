import { parentPort } from 'node:worker_threads';
import type { SessionTensors } from '../runtime/node.ts';
import type { Device, StepResult } from './engine.ts';
import type { Answer, Request } from './messages.ts';

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
  const fail = (error: unknown) =>
    answer({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
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
        await handle(served, request).then(answer, fail);
        if (request.type === 'close') port.close();
      });
    });
    answer({ type: 'ready', device: served.device });
  };
  start().catch((error: unknown) => {
    fail(error);
    port.close();
  });
}
