import type { Examined } from './examine.ts';
import type { Machine } from './machine.ts';

const TENSORFLOW_GPU = 'npm install @tensorflow/tfjs-node-gpu@4.22.0';
const WEBGPU = 'npm install webgpu @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-webgpu@4.22.0';
/** Installs the CUDA version that tfjs-node-gpu 4.22 was built for. */
const CUDA_11 = 'conda install -c conda-forge cudatoolkit=11.2 cudnn=8.1';
const VULKAN = 'apt-get install libvulkan1 mesa-vulkan-drivers';
const ONNX_CUDA = 'npm rebuild onnxruntime-node --onnxruntime-node-install=cuda12';

const isMissing = (problem: string | undefined) => /is(?: not)? installed; npm install/.test(problem ?? '');

function tensorflowRemedy({ problem, device, ...examined }: Examined, machine: Machine): string | undefined {
  const hasNvidia = machine.nvidia.length > 0;
  // On a CPU, ONNX Runtime is faster and already installed.
  if (isMissing(problem)) return hasNvidia ? TENSORFLOW_GPU : undefined;
  const isGpuPackage = /tfjs-node-gpu/.test(problem ?? examined.package ?? '');
  if (problem !== undefined) {
    const name = isGpuPackage ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
    return `npm rebuild ${name} --build-addon-from-source`;
  }
  if (device?.kind === 'gpu' || !hasNvidia) return undefined;
  return isGpuPackage ? CUDA_11 : TENSORFLOW_GPU;
}

function vulkanRemedy({ platform, nvidia }: Machine): string | undefined {
  if (!platform.startsWith('linux')) return undefined;
  return nvidia.length > 0 ? 'apt-get install libvulkan1' : VULKAN;
}

/** Command that would make a runtime work, or use the GPU. Undefined if there is nothing to fix. */
export function remedyOf(examined: Examined, machine: Machine): string | undefined {
  const { runtime, problem, device } = examined;
  switch (runtime) {
    case 'onnx':
      return problem === undefined ? undefined : 'npm rebuild onnxruntime-node';
    case 'onnx-cuda':
      // Without an NVIDIA GPU, there is no remedy.
      return problem !== undefined && machine.nvidia.length > 0 ? ONNX_CUDA : undefined;
    case 'onnx-webgpu':
      return problem === undefined ? undefined : vulkanRemedy(machine);
    case 'tensorflow':
      return tensorflowRemedy(examined, machine);
    case 'webgpu':
      if (isMissing(problem)) return WEBGPU;
      return problem === undefined && device?.kind === 'gpu' ? undefined : vulkanRemedy(machine);
  }
}
