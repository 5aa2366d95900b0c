import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import { MicroYoloError } from '../../foundation/errors/errors.ts';

/** Execution provider of a session. Operations that a GPU provider does not support run on the CPU. */
export type Provider = 'cpu' | 'cuda' | 'webgpu';

/** Requirements of each provider besides the npm package. */
const PROVIDER_NEEDS: Readonly<Record<Exclude<Provider, 'cpu'>, string>> = {
  cuda: 'it needs Linux on x64, an NVIDIA GPU, CUDA 12 with cuDNN 9, and the CUDA libraries that `npm rebuild onnxruntime-node --onnxruntime-node-install=cuda12` downloads',
  webgpu:
    "it needs a GPU with Vulkan on Linux (apt-get install libvulkan1 and a driver: NVIDIA's, or mesa-vulkan-drivers), Metal or Direct3D 12",
};

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

/** Loads from a path if the model has external tensor files, otherwise from its bytes. */
function create(
  model: Uint8Array | string,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  return typeof model === 'string'
    ? InferenceSession.create(model, options)
    : InferenceSession.create(model, options);
}

async function open(
  model: Uint8Array | string,
  provider: Provider,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  // Errors are thrown, so the native library must not also log them to stderr. This is set for the first session, not
  // on import, and never overrides the program's own choice.
  if (env.logLevel === 'warning') env.logLevel = 'fatal';
  if (provider === 'cpu') return create(model, { ...options, executionProviders: ['cpu'] });
  try {
    return await create(model, { ...options, executionProviders: [provider] });
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error))
      .split('\n')[0]!
      .replace(/^.* was false\. /, '');
    throw new MicroYoloError(
      'unsupported',
      `ONNX Runtime's provider ${provider} does not start: ${PROVIDER_NEEDS[provider]} (${reason})`,
    );
  }
}

const LEVELS = { true: 'all', basic: 'basic', false: 'disabled' } as const;

/** Opens an ONNX Runtime session for a model: its bytes, or its path if it has external tensor files. */
export function openSession(
  model: Uint8Array | string,
  options: SessionOptions = {},
): Promise<InferenceSession> {
  return open(model, options.provider ?? 'cpu', {
    graphOptimizationLevel: LEVELS[`${options.optimize ?? true}`],
    logSeverityLevel: 4,
    ...(options.optimized === undefined ? {} : { optimizedModelFilePath: options.optimized }),
    ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
    ...(options.restBetweenRuns ? { extra: { session: { force_spinning_stop: '1' } } } : {}),
    ...(options.shareCores ? { extra: { session: { intra_op: { allow_spinning: '0' } } } } : {}),
    ...(options.profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: options.profile }),
  });
}

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
