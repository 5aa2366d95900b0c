/**
 * Training engines. `auto` uses a CUDA GPU if tfjs-node-gpu is installed and finds one. Otherwise, it uses the blocked
 * layout if the machine supports it and its self-check passes, and else the plain layout. The other engines must be
 * named explicitly.
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

/** Engines that can use a GPU, in order of expected speed. */
export const GPU_ENGINES = [
  'tensorflow',
  'onnx-cuda',
  'webgpu',
  'onnx-webgpu',
] as const satisfies NamedEngine[];
