import { InferenceSession, Tensor } from 'onnxruntime-node';

/** A tensor at a session's door: data in row-major order. */
export interface SessionTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint8Array;
}

export type SessionTensors = Readonly<Record<string, SessionTensor>>;

export interface SessionOptions {
  /** Threads of one operation. @default as many as there are cores */
  readonly threads?: number | undefined;
  /** Lets the threads rest as soon as a run is over, for those who work between runs. @default false */
  readonly restBetweenRuns?: boolean | undefined;
  /** File to write how long each operation of each run took to; see `endProfile`. */
  readonly profile?: string | undefined;
}

/** A loaded network that can run. */
export interface Session extends AsyncDisposable {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Runs once. The caller's thread is blocked meanwhile. */
  run(feeds: SessionTensors): Promise<SessionTensors>;
  /** Runs once and writes every output into the tensor of its name in `results`, in place. */
  runInto(feeds: SessionTensors, results: SessionTensors): Promise<void>;
  /** Ends the profile, whose file is then complete. */
  endProfile(): void;
}

function onnxTensor({ data, shape }: SessionTensor): Tensor {
  return data instanceof Uint8Array ? new Tensor('uint8', data, shape) : new Tensor('float32', data, shape);
}

const onnxTensors = (tensors: SessionTensors) =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, onnxTensor(tensor)]));

/** Loads an ONNX model into ONNX Runtime on the CPU. Whoever creates the session disposes it. */
export async function createSession(model: Uint8Array, options: SessionOptions = {}): Promise<Session> {
  const session = await InferenceSession.create(model, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
    ...(options.restBetweenRuns ? { extra: { session: { force_spinning_stop: '1' } } } : {}),
    ...(options.profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: options.profile }),
  });
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(feeds) {
      const results = await session.run(onnxTensors(feeds));
      return Object.fromEntries(
        Object.entries(results).map(([name, { dims, data }]) => [
          name,
          { shape: dims, data: data as Float32Array },
        ]),
      );
    },
    async runInto(feeds, results) {
      await session.run(onnxTensors(feeds), onnxTensors(results));
    },
    endProfile: () => session.endProfiling(),
    [Symbol.asyncDispose]: () => session.release(),
  };
}
