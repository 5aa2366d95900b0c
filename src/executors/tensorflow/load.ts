import { createRequire } from 'node:module';
import { join } from 'node:path';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { Kernels } from './kernels/kernels.ts';
import type { TfCore, TfNodeBackend } from './tfjs.ts';
import { installWebGpu } from './webgpu.ts';

/**
 * `tensorflow`: TensorFlow's native library, on CUDA or the CPU. `webgpu`: any other GPU. `javascript`: plain loops, a
 * hundred times as slow, for tests without the other backends.
 */
export type TensorFlowBackend = 'tensorflow' | 'webgpu' | 'javascript';

/** TensorFlow.js with an initialized backend. */
export interface TensorFlow {
  readonly core: TfCore;
  readonly kernels: Kernels;
  /** Name and version of the npm package that computes. */
  readonly package: string;
  readonly device: { readonly kind: 'cpu' | 'gpu'; readonly name: string };
  /** Makes this backend the active one for kernels. Only one can be active. */
  activate(): void;
}

/**
 * Returns where packages are searched: in the user's project, in this package, and in the folder named by the variable
 * MICRO_YOLO_TFJS.
 */
function places(): readonly NodeJS.Require[] {
  const folder = process.env['MICRO_YOLO_TFJS'];
  const from = [join(process.cwd(), 'package.json'), import.meta.url];
  return [...from, ...(folder ? [join(folder, 'package.json')] : [])].map((place) => createRequire(place));
}

/** Returns a `require` that finds the package, or undefined. */
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

/** Node 23 removed two functions that tfjs-node 4.22 calls. */
function restoreNodeUtilities(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}

/** Whether a package is installed in one of the searched places. */
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
    // Otherwise, the native library logs a page of messages, and allocates all of a GPU's memory.
    process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
    process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
    // A third faster on CPUs. By default, TensorFlow decides by CPU vendor.
    process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1';
    // On newer GPUs, convolutions would otherwise keep only ten bits of each number.
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

/** The same copy of tfjs-core with which a backend registers. */
const coreOf = (require: NodeJS.Require, backend: string) =>
  createRequire(require.resolve(backend))('@tensorflow/tfjs-core') as TfCore;

const missing = (backend: string, name: string) =>
  new MicroYoloError('unsupported', `${backend}: ${name} is not installed; npm install ${name}`);

const loaded = new Map<TensorFlowBackend, Promise<TensorFlow>>();

/**
 * Loads TensorFlow.js, once per backend. Its packages are optional.
 * @throws MicroYoloError `unsupported` if they are missing or do not start, with the remedy
 */
export function loadTensorFlow(backend: TensorFlowBackend): Promise<TensorFlow> {
  const load = { tensorflow: loadNode, webgpu: loadWebGpu, javascript: loadJavaScript }[backend];
  const loading =
    loaded.get(backend) ??
    load().catch((error: unknown) => {
      // A missing package may be installed by the next call.
      loaded.delete(backend);
      if (error instanceof MicroYoloError) throw error;
      throw new MicroYoloError('unsupported', `${backend}: does not load (${firstLine(error)})`, {
        cause: error,
      });
    });
  loaded.set(backend, loading);
  return loading;
}
