import { Tensor } from 'onnxruntime-node';
import { openSession } from './open-session.ts';

/** Execution provider of a session. Operations that a GPU provider does not support run on the CPU. */
export type Provider = 'cpu' | 'cuda' | 'webgpu';

/** A tensor that enters or leaves a session. */
export interface SessionTensor {
  /** Size of each axis. */
  readonly shape: readonly number[];
  /** Values in row-major order. */
  readonly data: Float32Array | Uint8Array;
}

/** Tensors by name. */
export type SessionTensors = Readonly<Record<string, SessionTensor>>;

/** Options for creating a session. */
export interface SessionOptions {
  /** Execution provider. @default 'cpu' */
  readonly provider?: Provider | undefined;
  /** Threads per operation. @default the number of cores */
  readonly threads?: number | undefined;
  /**
   * Whether threads stop spinning immediately after each run, which helps code that works between runs. @default false
   */
  readonly restBetweenRuns?: boolean | undefined;
  /** Whether idle threads sleep during a run, which helps code that computes at the same time. @default false */
  readonly shareCores?: boolean | undefined;
  /** File for a profile of each operation of each run. See `endProfile`. */
  readonly profile?: string | undefined;
  /** File for the graph after optimization for this machine. */
  readonly optimized?: string | undefined;
  /**
   * `false` runs the graph unchanged. `'basic'` applies only those passes that are the same on every machine. @default
   * true
   */
  readonly optimize?: boolean | 'basic' | undefined;
}

/** A loaded network that can be run. */
export interface Session extends AsyncDisposable {
  /** Names of the inputs. */
  readonly inputs: readonly string[];
  /** Names of the outputs. */
  readonly outputs: readonly string[];
  /** Runs the network once. This blocks the calling thread. */
  run(feeds: SessionTensors): Promise<SessionTensors>;
  /** Runs the network once, and writes each output into the tensor with its name in `results`. */
  runInto(feeds: SessionTensors, results: SessionTensors): Promise<void>;
  /** Ends the profile and completes its file. */
  endProfile(): void;
}

function onnxTensor({ data, shape }: SessionTensor): Tensor {
  return data instanceof Uint8Array ? new Tensor('uint8', data, shape) : new Tensor('float32', data, shape);
}

const onnxTensors = (tensors: SessionTensors) =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, onnxTensor(tensor)]));

/**
 * Loads an ONNX model into ONNX Runtime. The caller must dispose the session.
 * @throws MicroYoloError `unsupported` if the provider does not start
 */
export async function createSession(model: Uint8Array, options: SessionOptions = {}): Promise<Session> {
  const session = await openSession(model, options);
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
