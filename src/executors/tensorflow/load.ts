import { createRequire } from 'node:module';
import { join } from 'node:path';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { Kernels } from './kernels/kernels.ts';
import type { TfCore, TfNodeBackend } from './tfjs.ts';
import { installWebGpu } from './webgpu.ts';

/**
 * `tensorflow`: TensorFlow's own library, on CUDA or the CPU; `webgpu`: any other GPU; `javascript`: plain
 * loops, a hundred times as slow, for tests where nothing else is.
 */
export type TensorFlowBackend = 'tensorflow' | 'webgpu' | 'javascript';

/** TensorFlow.js with one backend ready. */
export interface TensorFlow {
  readonly core: TfCore;
  readonly kernels: Kernels;
  /** The npm package that computes, and its version. */
  readonly package: string;
  readonly device: { readonly kind: 'cpu' | 'gpu'; readonly name: string };
  /** Makes the backend the one that kernels run on: there is one at a time. */
  activate(): void;
}

/** Where packages may be: the user's project, ours, and the folder that the variable MICRO_YOLO_TFJS names. */
function places(): readonly NodeJS.Require[] {
  const folder = process.env['MICRO_YOLO_TFJS'];
  const from = [join(process.cwd(), 'package.json'), import.meta.url];
  return [...from, ...(folder ? [join(folder, 'package.json')] : [])].map((place) => createRequire(place));
}

/** A `require` that knows the package, if any does. */
function knowing(name: string): NodeJS.Require | undefined {
  return places().find((require) => {
    try {
      require.resolve(name);
      return true;
    } catch {
      return false;
    }
  });
}

/** Node 23 took two functions away that tfjs-node 4.22 calls. */
function restoreNodeUtilities(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}

/** Whether a package is installed where it would be looked for. */
export const isInstalled = (name: string) => knowing(name) !== undefined;

const firstLine = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!;

const NODE_PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

const versionOf = (require: NodeJS.Require, name: string) =>
  `${name} ${(require(`${name}/package.json`) as { version: string }).version}`;

async function loadNode(): Promise<TensorFlow> {
  const problems: string[] = [];
  for (const name of NODE_PACKAGES) {
    const require = knowing(name);
    if (!require) continue;
    restoreNodeUtilities();
    // Else its native library logs a page, and takes all of a GPU's memory.
    process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
    process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
    // A third faster on CPUs; TensorFlow decides by vendor otherwise.
    process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1';
    // Ten bits of a convolution's numbers would be all that is left on newer GPUs.
    process.env['NVIDIA_TF32_OVERRIDE'] ??= '0';
    try {
      const core = require(name) as TfCore;
      await core.setBackend('tensorflow');
      const backend = core.backend() as TfNodeBackend;
      return {
        core,
        kernels: new Kernels(core, backend),
        package: `${versionOf(require, name)}, TensorFlow ${backend.binding.TF_Version}`,
        device: backend.isUsingGpuDevice
          ? { kind: 'gpu', name: 'CUDA' }
          : { kind: 'cpu', name: ['CPU', ...problems].join(': ') },
        activate: () => void core.setBackend('tensorflow'),
      };
    } catch (error) {
      problems.push(`${name} is installed but does not load: ${firstLine(error)}`);
    }
  }
  throw new MicroYoloError(
    'unsupported',
    problems.length > 0
      ? problems.join('; ')
      : 'tensorflow: neither @tensorflow/tfjs-node-gpu nor @tensorflow/tfjs-node is installed; npm install @tensorflow/tfjs-node',
  );
}

async function loadJavaScript(): Promise<TensorFlow> {
  const name = '@tensorflow/tfjs-backend-cpu';
  const require = knowing(name);
  if (!require) throw missing('javascript', name);
  require(name);
  const core = coreOf(require, name);
  await core.setBackend('cpu');
  return {
    core,
    kernels: new Kernels(core),
    package: versionOf(require, name),
    device: { kind: 'cpu', name: 'JavaScript' },
    activate: () => void core.setBackend('cpu'),
  };
}

async function loadWebGpu(): Promise<TensorFlow> {
  const name = '@tensorflow/tfjs-backend-webgpu';
  const require = knowing(name);
  if (!require) throw missing('webgpu', name);
  const dawn = knowing('webgpu');
  if (!dawn) throw missing('webgpu', 'webgpu');
  const deviceName = await installWebGpu(dawn);
  const isSoftware = /swiftshader|llvmpipe|lavapipe|basic render/i.test(deviceName);
  require(name);
  const core = coreOf(require, name);
  if (!(await core.setBackend('webgpu'))) {
    throw new MicroYoloError('unsupported', `webgpu: ${name} does not start on ${deviceName}`);
  }
  return {
    core,
    kernels: new Kernels(core),
    package: versionOf(require, name),
    device: { kind: isSoftware ? 'cpu' : 'gpu', name: deviceName },
    activate: () => void core.setBackend('webgpu'),
  };
}

/** The very copy of tfjs-core that a backend registers with. */
const coreOf = (require: NodeJS.Require, backend: string) =>
  createRequire(require.resolve(backend))('@tensorflow/tfjs-core') as TfCore;

const missing = (backend: string, name: string) =>
  new MicroYoloError('unsupported', `${backend}: ${name} is not installed; npm install ${name}`);

const loaded = new Map<TensorFlowBackend, Promise<TensorFlow>>();

/**
 * Loads TensorFlow.js, once a backend; its packages are optional.
 * @throws MicroYoloError `unsupported` if they are missing or do not start, with the remedy
 */
export function loadTensorFlow(backend: TensorFlowBackend): Promise<TensorFlow> {
  const load = { tensorflow: loadNode, webgpu: loadWebGpu, javascript: loadJavaScript }[backend];
  const loading =
    loaded.get(backend) ??
    load().catch((error: unknown) => {
      // What is missing may be there the next time.
      loaded.delete(backend);
      if (error instanceof MicroYoloError) throw error;
      throw new MicroYoloError('unsupported', `${backend}: does not load (${firstLine(error)})`, {
        cause: error,
      });
    });
  loaded.set(backend, loading);
  return loading;
}
