import { env, InferenceSession } from 'onnxruntime-node';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import type { Provider, SessionOptions } from './options.ts';

/** Requirements of each provider besides the npm package. */
const PROVIDER_NEEDS: Readonly<Record<Exclude<Provider, 'cpu'>, string>> = {
  cuda: 'it needs Linux on x64, an NVIDIA GPU, CUDA 12 with cuDNN 9, and the CUDA libraries that `npm rebuild onnxruntime-node --onnxruntime-node-install=cuda12` downloads',
  webgpu:
    "it needs a GPU with Vulkan on Linux (apt-get install libvulkan1 and a driver: NVIDIA's, or mesa-vulkan-drivers), Metal or Direct3D 12",
};

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
