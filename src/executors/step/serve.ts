import type { SessionTensors } from '../onnx/session/session.ts';
import { serve } from '../thread/serve.ts';
import type { Answer, Request } from './messages.ts';
import type { Device, StepResult } from './step-executor.ts';

/** A step with its state, in the thread that runs it. */
export interface ServedStep {
  readonly device: Device;
  step(feeds: SessionTensors): Promise<StepResult>;
  read(): Promise<SessionTensors>;
  write(state: SessionTensors): Promise<void>;
  close(): Promise<void>;
}

async function answerOf(served: ServedStep, request: Request): Promise<Answer> {
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
}

/** Serves the step in this worker thread until it receives a close request. */
export function serveStep(open: () => Promise<ServedStep>): void {
  serve<Request, Answer>(async () => {
    const served = await open();
    return {
      ready: { type: 'ready', device: served.device },
      handle: (request) => answerOf(served, request),
    };
    // A missing or incomplete runtime or GPU throws an error without a code.
  }, 'unsupported');
}
