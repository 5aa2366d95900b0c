import type { Provider } from '../../executors/onnx/session/options.ts';
import { createSession, type SessionTensors } from '../../executors/onnx/session/session.ts';
import { createThreadedSession } from '../../executors/thread/session/threaded-session.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import type { RuntimeOptions } from '../../options/loading.ts';
import { compileModel, inferenceGraph } from '../compile/compile.ts';
import type { Model } from '../model.ts';

/** A loaded network. The code that opens it must dispose it. */
export interface RunningNetwork extends AsyncDisposable {
  /** Runtime and device, such as `onnx on the CPU`. */
  readonly description: string;
  run(feeds: SessionTensors): Promise<SessionTensors>;
}

function checkGpu(requireGpu: boolean, device: 'gpu' | 'cpu', description: string): void {
  if (!requireGpu || device === 'gpu') return;
  throw new MicroYoloError(
    'unsupported',
    `${option('requireGpu')}: ${description}, which is not a GPU; choose another ${option('runtime')}, \`micro-yolo doctor\` shows which works here`,
  );
}

async function openOnnx(
  model: Model,
  provider: Provider,
  { threads, shareCores, worker, requireGpu = false, features }: RuntimeOptions,
): Promise<RunningNetwork> {
  const device = { cpu: 'the CPU', cuda: 'CUDA', webgpu: 'WebGPU' }[provider];
  const description = `onnx on ${device}`;
  checkGpu(requireGpu, provider === 'cpu' ? 'cpu' : 'gpu', description);
  const create = worker ? createThreadedSession : createSession;
  const session = await create(compileModel(model, features), { threads, shareCores, provider });
  return {
    description,
    run: (feeds) => session.run(feeds),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

async function openTensorFlow(
  model: Model,
  backend: 'tensorflow' | 'webgpu',
  { requireGpu = false, features, threads, worker = false }: RuntimeOptions,
): Promise<RunningNetwork> {
  if (worker) {
    throw new MicroYoloError(
      'invalid-argument',
      `worker: runtime ${backend} runs in the caller's thread; leave it out, or use runtime onnx`,
      { field: 'worker', received: worker },
    );
  }
  if (threads !== undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      `threads ${threads}: runtime ${backend} chooses its own number; leave out threads, or use runtime onnx`,
      { field: 'threads', received: threads },
    );
  }
  // Imported here, so that detection with ONNX Runtime starts without it.
  const { loadTensorFlow } = await import('../../executors/tensorflow/load.ts');
  const { TensorFlowGraph } = await import('../../executors/tensorflow/run.ts');
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
 * @throws MicroYoloError `unsupported` if the runtime is missing or finds no device, with the remedy
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
