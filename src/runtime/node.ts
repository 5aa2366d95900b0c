import { InferenceSession, Tensor } from 'onnxruntime-node';

/** A tensor at a session's door: data in row-major order. */
export interface SessionTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint8Array;
}

export interface SessionOptions {
  /** Threads of one operation. @default as many as there are cores */
  readonly threads?: number | undefined;
}

/** A loaded network that can run. */
export interface Session extends AsyncDisposable {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Runs once. The caller's thread is blocked meanwhile. */
  run(feeds: Readonly<Record<string, SessionTensor>>): Promise<Readonly<Record<string, SessionTensor>>>;
}

/** Loads an ONNX model into ONNX Runtime on the CPU. Whoever creates the session disposes it. */
export async function createSession(model: Uint8Array, options: SessionOptions = {}): Promise<Session> {
  const session = await InferenceSession.create(model, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
  });
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(feeds) {
      const tensors = Object.fromEntries(
        Object.entries(feeds).map(([name, { data, shape }]) => [
          name,
          data instanceof Uint8Array ? new Tensor('uint8', data, shape) : new Tensor('float32', data, shape),
        ]),
      );
      const results = await session.run(tensors);
      return Object.fromEntries(
        Object.entries(results).map(([name, { dims, data }]) => [
          name,
          { shape: dims, data: data as Float32Array },
        ]),
      );
    },
    [Symbol.asyncDispose]: () => session.release(),
  };
}
