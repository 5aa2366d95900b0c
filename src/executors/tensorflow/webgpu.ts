import { MicroYoloError } from '../../foundation/errors/errors.ts';

interface Adapter {
  readonly info: Readonly<Record<'vendor' | 'architecture' | 'device' | 'description', string>>;
}

interface Gpu {
  requestAdapter(options?: object): Promise<Adapter | null>;
}

/** Dawn, as the npm package `webgpu` has it. */
interface Dawn {
  create(options: readonly string[]): Gpu;
  readonly globals: Readonly<Record<string, unknown>>;
}

/**
 * Gives Node what browsers have: `navigator.gpu`, for as long as the process lives.
 * @param load a `require` that knows the package `webgpu`
 * @returns the name of the device
 * @throws MicroYoloError `unsupported` if no device is
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
  // Node's own navigator takes no new property otherwise.
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  const { vendor, architecture, device, description } = adapter.info;
  return [description, device, architecture, vendor].find((name) => name) ?? 'a GPU without a name';
}
