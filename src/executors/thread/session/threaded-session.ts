import type { SessionOptions } from '../../onnx/session/options.ts';
import type { Session, SessionTensors } from '../../onnx/session/session.ts';
import type { PlainTensors } from './messages.ts';
import { SessionThread } from './session-thread.ts';

const typed = (tensors: SessionTensors): PlainTensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [
      name,
      { type: data instanceof Uint8Array ? 'uint8' : 'float32', shape, data },
    ]),
  );

/**
 * Like `createSession`, but in a worker thread, which does not block the caller's event loop.
 * @throws MicroYoloError `unsupported` if the provider does not start
 */
export async function createThreadedSession(
  model: Uint8Array,
  options: SessionOptions = {},
): Promise<Omit<Session, 'runInto' | 'endProfile'>> {
  const thread = await SessionThread.open(model, options);
  return {
    inputs: thread.inputs,
    outputs: thread.outputs,
    run: async (feeds) => (await thread.run(typed(feeds))) as unknown as SessionTensors,
    [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
  };
}
