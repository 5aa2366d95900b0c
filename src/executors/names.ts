/**
 * Runtimes of networks. ONNX Runtime: on the CPU, or with its CUDA or WebGPU provider. TensorFlow.js: on TensorFlow
 * (with CUDA if tfjs-node-gpu is installed), or on WebGPU.
 */
export const RUNTIMES = ['onnx', 'onnx-cuda', 'onnx-webgpu', 'tensorflow', 'webgpu'] as const;
/** Name of a runtime. */
export type RuntimeName = (typeof RUNTIMES)[number];
