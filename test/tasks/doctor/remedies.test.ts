import { describe, expect, test } from 'vitest';
import { unmasked } from '../../../src/tasks/doctor/diagnose.ts';
import type { Examined } from '../../../src/tasks/doctor/examine.ts';
import type { Machine } from '../../../src/tasks/doctor/machine.ts';
import { remedyOf } from '../../../src/tasks/doctor/remedies.ts';

const plain: Machine = { platform: 'linux x64', node: 'v20.0.0', nvidia: [] };
const withGpu = { ...plain, nvidia: ['NVIDIA L4, 550.54.15'] };
const mac = { ...plain, platform: 'darwin arm64' };

const gpu = { kind: 'gpu', name: 'CUDA' } as const;
const cpu = { kind: 'cpu', name: 'CPU' } as const;
const nothing = { missingLibraries: [] } as const;
const absent = (name: string) => ({ ...nothing, problem: `${name} is not installed; npm install ${name}` });

describe('the remedy', () => {
  test.each<[title: string, examined: Examined, machine: Machine, remedy: RegExp | undefined]>([
    [
      'for a missing TensorFlow without a GPU: none, because ONNX Runtime is faster',
      { runtime: 'tensorflow', ...absent('x') },
      plain,
      undefined,
    ],
    [
      'for a missing TensorFlow with a GPU',
      { runtime: 'tensorflow', ...absent('x') },
      withGpu,
      /^npm install .*tfjs-node-gpu@/,
    ],
    [
      'for a package whose library is missing',
      {
        runtime: 'tensorflow',
        ...nothing,
        problem: '@tensorflow/tfjs-node is installed but does not load: …',
      },
      plain,
      /^npm rebuild @tensorflow\/tfjs-node --build/,
    ],
    [
      'for the wrong version of CUDA',
      { runtime: 'tensorflow', ...nothing, device: cpu, package: '@tensorflow/tfjs-node-gpu 4.22.0' },
      withGpu,
      /cudatoolkit=11\.2 cudnn=8\.1/,
    ],
    [
      'for TensorFlow on the CPU with a GPU',
      { runtime: 'tensorflow', ...nothing, device: cpu, package: '@tensorflow/tfjs-node 4.22.0' },
      withGpu,
      /tfjs-node-gpu/,
    ],
    ['for a working runtime', { runtime: 'tensorflow', ...nothing, device: gpu }, withGpu, undefined],
    [
      'for missing WebGPU packages',
      { runtime: 'webgpu', ...absent('webgpu') },
      plain,
      /^npm install webgpu /,
    ],
    [
      'for a missing Vulkan',
      { runtime: 'webgpu', ...nothing, problem: 'webgpu: no adapter' },
      plain,
      /^apt-get install libvulkan1 mesa/,
    ],
    ['for Vulkan in software', { runtime: 'webgpu', ...nothing, device: cpu }, plain, /^apt-get install/],
    [
      'for a missing adapter on a Mac',
      { runtime: 'webgpu', ...nothing, problem: 'no adapter' },
      mac,
      undefined,
    ],
    ['for CUDA without a GPU', { runtime: 'onnx-cuda', ...nothing, problem: 'no' }, plain, undefined],
    ['for missing CUDA libraries', { runtime: 'onnx-cuda', ...nothing, problem: 'no' }, withGpu, /cuda12$/],
  ])('%s', (_, examined, machine, remedy) => {
    const found = remedyOf(examined, machine);
    if (remedy === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(remedy);
  });
});

test('a GPU that is slower than the CPU does not count', () => {
  const onnx: Examined = { runtime: 'onnx', ...nothing, device: cpu, gflops: 50 };
  const slow: Examined = { runtime: 'onnx-webgpu', ...nothing, device: gpu, gflops: 1 };
  expect(unmasked(slow, onnx).device).toEqual({ kind: 'cpu', name: 'CUDA in software' });
  expect(unmasked({ ...slow, gflops: 500 }, onnx).device).toEqual(gpu);
});
