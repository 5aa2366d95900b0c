/**
 * `auto` takes a CUDA GPU where tfjs-node-gpu is installed and finds one, else the blocked layout where the
 * machine has it and it proves right, else the plain one. The others are taken only by name.
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
