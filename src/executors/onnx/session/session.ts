import { Tensor } from 'onnxruntime-node';
import { openSession } from './open-session.ts';
import type { SessionOptions } from './options.ts';

/** A tensor that enters or leaves a session. */
export interface SessionTensor {
  /** Size of each axis. */
  readonly shape: readonly number[];
  /** Values in row-major order. */
  readonly data: Float32Array | Uint8Array;
}

/** Tensors by name. */
export type SessionTensors = Readonly<Record<string, SessionTensor>>;

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
