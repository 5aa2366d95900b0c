import { MicroYoloError } from '../errors.ts';
import type { Model } from '../model/model.ts';
import { option } from '../named-options.ts';
import { createSession, type Provider, type SessionTensors } from '../runtime/node.ts';
import { compileModel, inferenceGraph } from './compile.ts';
import type { RuntimeName } from './runtime-names.ts';

export interface RuntimeOptions {
  /** @default 'onnx' */
  readonly runtime?: RuntimeName | undefined;
  /** CPU threads of ONNX Runtime. @default as many as there are cores */
  readonly threads?: number | undefined;
  /** Fails where the network would run on a CPU. @default false */
  readonly requireGpu?: boolean | undefined;
  /** Layers, or tensors of an `.onnx` file, whose maps are given too, by their names. @default none */
  readonly features?: readonly string[] | undefined;
}

/** A loaded network. Whoever opens it disposes it. */
export interface RunningNetwork extends AsyncDisposable {
  /** Runtime and device, such as `onnx on the CPU`. */
  readonly description: string;
  run(feeds: SessionTensors): Promise<SessionTensors>;
}

function checkGpu(requireGpu: boolean, device: 'gpu' | 'cpu', description: string): void {
  if (!requireGpu || device === 'gpu') return;
  throw new MicroYoloError(
    'unsupported',
    `${option('requireGpu')}: ${description}, which is no GPU; choose another ${option('runtime')}, \`micro-yolo doctor\` says which works here`,
  );
}

async function openOnnx(
  model: Model,
  provider: Provider,
  { threads, requireGpu = false, features }: RuntimeOptions,
): Promise<RunningNetwork> {
  const device = { cpu: 'the CPU', cuda: 'CUDA', webgpu: 'WebGPU' }[provider];
  const description = `onnx on ${device}`;
  checkGpu(requireGpu, provider === 'cpu' ? 'cpu' : 'gpu', description);
  const session = await createSession(compileModel(model, features), { threads, provider });
  return {
    description,
    run: (feeds) => session.run(feeds),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

async function openTensorFlow(
  model: Model,
  backend: 'tensorflow' | 'webgpu',
  { requireGpu = false, features, threads }: RuntimeOptions,
): Promise<RunningNetwork> {
  if (threads !== undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      `threads ${threads}: runtime ${backend} takes as many as it likes; leave it out, or use runtime onnx`,
    );
  }
  // Loaded here, so that detecting on ONNX Runtime starts without it.
  const { loadTensorFlow } = await import('../tensorflow/load.ts');
  const { TensorFlowGraph } = await import('../tensorflow/run.ts');
  const tensorflow = await loadTensorFlow(backend);
  const description = `${backend} on ${tensorflow.device.name} (${tensorflow.package})`;
  checkGpu(requireGpu, tensorflow.device.kind, description);
  const graph = new TensorFlowGraph(tensorflow, inferenceGraph(model, features));
  return {
    description,
    run: (feeds) => graph.run(feeds),
    [Symbol.asyncDispose]: () => graph[Symbol.asyncDispose](),
  };
}

/**
 * Loads a model into a runtime.
 * @throws MicroYoloError `unsupported` where the runtime is missing or finds no device, with the remedy
 */
export function openNetwork(model: Model, options: RuntimeOptions = {}): Promise<RunningNetwork> {
  const { runtime = 'onnx' } = options;
  switch (runtime) {
    case 'onnx':
      return openOnnx(model, 'cpu', options);
    case 'onnx-cuda':
      return openOnnx(model, 'cuda', options);
    case 'onnx-webgpu':
      return openOnnx(model, 'webgpu', options);
    case 'tensorflow':
    case 'webgpu':
      return openTensorFlow(model, runtime, options);
  }
}
