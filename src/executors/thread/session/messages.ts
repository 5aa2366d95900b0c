import type { SessionOptions } from '../../onnx/session/options.ts';

/** A tensor that is sent between threads. */
export interface PlainTensor {
  /** ONNX Runtime's name of the element type: `float32`, `uint8` … */
  readonly type: string;
  readonly shape: readonly number[];
  readonly data: ArrayBufferView | readonly string[];
}

/** Tensors by name. */
export type PlainTensors = Readonly<Record<string, PlainTensor>>;

/** Start message of the thread. */
export interface SessionStart {
  /** The model's bytes, or its path if it has external tensor files. */
  readonly model: Uint8Array | string;
  readonly options: SessionOptions;
}

export type Request = { readonly type: 'run'; readonly feeds: PlainTensors } | { readonly type: 'close' };

/** The first one answers the start message. */
export type Answer =
  | { readonly type: 'ready'; readonly inputs: readonly string[]; readonly outputs: readonly string[] }
  | { readonly type: 'outputs'; readonly outputs: PlainTensors }
  | { readonly type: 'done' };
