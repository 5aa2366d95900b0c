import { parentPort } from 'node:worker_threads';
import type { ErrorCode } from '../../foundation/errors/errors.ts';
import { plainError } from '../../foundation/errors/plain-error.ts';
import type { Failed, Message } from './messages.ts';

/** The state of a worker thread that has started. */
export interface Served<Request, Answer> {
  readonly ready: Answer;
  handle(request: Request): Promise<Answer>;
}

/**
 * Answers the requests to this worker thread, one after another, up to the first request of type `close`.
 * @param otherwise error code for startup errors without a code. @default none: it is an internal error
 */
export function serve<Request extends Message, Answer extends Message>(
  open: () => Promise<Served<Request, Answer>>,
  otherwise?: ErrorCode,
): void {
  const port = parentPort!;
  const answer = (message: Answer | Failed) => port.postMessage(message);
  const fail = (error: unknown, code?: ErrorCode) =>
    answer({ type: 'failed', error: plainError(error, code) });
  const start = async () => {
    const served = await open();
    let queue = Promise.resolve();
    port.on('message', (request: Request) => {
      queue = queue.then(async () => {
        await served.handle(request).then(answer, (error: unknown) => fail(error));
        if (request.type === 'close') port.close();
      });
    });
    answer(served.ready);
  };
  start().catch((error: unknown) => {
    fail(error, otherwise);
    port.close();
  });
}
