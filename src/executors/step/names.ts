/**
 * Training engines. `auto` uses a CUDA GPU if tfjs-node-gpu is installed and finds one. Otherwise it uses the
 * blocked layout if the machine has it and its self-check passes, and the plain layout if not. The others are only
 * used by name.
 */
export const ENGINES = [
  'auto',
  'onnx-blocked',
  'onnx-plain',
  'onnx-cuda',
  'onnx-webgpu',
  'tensorflow',
  'webgpu',
] as const;
/** Name of an engine. */
export type EngineName = (typeof ENGINES)[number];
export type NamedEngine = Exclude<EngineName, 'auto'>;

/** Those that may find a GPU, the likely fastest first. */
export const GPU_ENGINES = [
  'tensorflow',
  'onnx-cuda',
  'webgpu',
  'onnx-webgpu',
] as const satisfies NamedEngine[];
