/**
 * What runs a network: ONNX Runtime on the CPU or by its CUDA or WebGPU provider; TensorFlow.js on
 * TensorFlow (CUDA where tfjs-node-gpu has it) or on WebGPU.
 */
export const RUNTIMES = ['onnx', 'onnx-cuda', 'onnx-webgpu', 'tensorflow', 'webgpu'] as const;
/** Name of a runtime. */
export type RuntimeName = (typeof RUNTIMES)[number];
