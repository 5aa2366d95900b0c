import { MicroYoloError } from '../../foundation/errors/errors.ts';

interface Adapter {
  readonly info: Readonly<Record<'vendor' | 'architecture' | 'device' | 'description', string>>;
}

interface Gpu {
  requestAdapter(options?: object): Promise<Adapter | null>;
}

/** Dawn, as exported by the npm package `webgpu`. */
interface Dawn {
  create(options: readonly string[]): Gpu;
  readonly globals: Readonly<Record<string, unknown>>;
}

/**
 * Provides `navigator.gpu` in Node, as in browsers, until the process ends.
 * @param load a `require` that finds the package `webgpu`
 * @returns the name of the device
 * @throws MicroYoloError `unsupported` if there is no device
 */
export async function installWebGpu(load: NodeJS.Require): Promise<string> {
  const { create, globals } = load('webgpu') as Dawn;
  const gpu = create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) {
    throw new MicroYoloError(
      'unsupported',
      "webgpu: no adapter; it needs Vulkan on Linux: apt-get install libvulkan1 and a driver (NVIDIA's, or mesa-vulkan-drivers)",
    );
  }
  Object.assign(globalThis, globals);
  const navigator = (globalThis as { navigator?: object }).navigator ?? {};
  // Plain assignment does not work on Node's own navigator.
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  const { vendor, architecture, device, description } = adapter.info;
  return [description, device, architecture, vendor].find((name) => name) ?? 'a GPU without a name';
}
