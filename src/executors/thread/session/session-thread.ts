import type { SessionOptions } from '../../onnx/session/options.ts';
import { WorkerThread } from '../worker-thread.ts';
import type { Answer, PlainTensor, PlainTensors, Request, SessionStart } from './messages.ts';

/** Copies a view out of a larger buffer, which would otherwise be sent to the thread as a whole. */
function compact(tensor: PlainTensor): PlainTensor {
  const { data } = tensor;
  if (!ArrayBuffer.isView(data) || data.byteLength === data.buffer.byteLength) return tensor;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  const View = data.constructor as new (buffer: ArrayBufferLike) => ArrayBufferView;
  return { ...tensor, data: data instanceof Uint8Array ? bytes : new View(bytes.buffer) };
}

const compactAll = (feeds: PlainTensors): PlainTensors =>
  Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, compact(tensor)]));

/** An ONNX Runtime session in a worker thread. It does not keep the process alive while nothing runs. */
export class SessionThread implements AsyncDisposable {
  /** Names of the inputs. */
  readonly inputs: readonly string[];
  /** Names of the outputs. */
  readonly outputs: readonly string[];
  readonly #thread: WorkerThread<Request, Answer>;

  private constructor(
    thread: WorkerThread<Request, Answer>,
    { inputs, outputs }: { readonly inputs: readonly string[]; readonly outputs: readonly string[] },
  ) {
    this.#thread = thread;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /** @param model its bytes, or its path if it has external tensor files */
  static async open(model: Uint8Array | string, options: SessionOptions): Promise<SessionThread> {
    const start: SessionStart = { model, options };
    const { thread, ready } = await WorkerThread.start<Request, Answer>('./session/worker', start, {
      name: 'the thread that runs the network',
      keepsAlive: false,
    });
    if (ready.type !== 'ready') throw new Error(`unexpected answer ${ready.type}`);
    return new SessionThread(thread, ready);
  }

  /** Runs once, without blocking the calling thread. */
  async run(feeds: PlainTensors): Promise<PlainTensors> {
    const answer = await this.#thread.ask({ type: 'run', feeds: compactAll(feeds) });
    if (answer.type !== 'outputs') throw new Error(`unexpected answer ${answer.type}`);
    return answer.outputs;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#thread.close({ type: 'close' });
  }
}
