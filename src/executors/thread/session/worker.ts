/** The thread that runs a network, so that the caller's event loop is not blocked. */
import { workerData } from 'node:worker_threads';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { openSession } from '../../onnx/session/open-session.ts';
import { serve } from '../serve.ts';
import type { Answer, PlainTensors, Request, SessionStart } from './messages.ts';

const tensorsOf = (feeds: PlainTensors) =>
  Object.fromEntries(
    Object.entries(feeds).map(([name, { type, shape, data }]) => [
      name,
      new Tensor(type as never, data as never, shape),
    ]),
  );

const plainTensors = (outputs: InferenceSession.OnnxValueMapType): PlainTensors =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => {
      const { type, dims, data } = value as Tensor;
      return [name, { type, shape: dims, data }];
    }),
  );

serve<Request, Answer>(async () => {
  const { model, options } = workerData as SessionStart;
  const session = await openSession(model, options);
  return {
    ready: { type: 'ready', inputs: session.inputNames, outputs: session.outputNames },
    async handle(request) {
      switch (request.type) {
        case 'run':
          return { type: 'outputs', outputs: plainTensors(await session.run(tensorsOf(request.feeds))) };
        case 'close':
          await session.release();
          return { type: 'done' };
      }
    },
  };
});
